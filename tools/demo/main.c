/* s2s-demo-corpus: writes a parallel corpus, English and German, for trying s2s without any data.
 */
#include <errno.h>
#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "demo/corpus.h"

static const char help[] =
    "Usage: s2s-demo-corpus --output FOLDER [option...]\n"
    "\n"
    "Writes train.tsv, valid.tsv and test.tsv: everyday English, a tab, and its German, made by a\n"
    "grammar. No sentence comes twice. The pairs of valid.tsv and test.tsv combine words, or "
    "structures,\n"
    "that are never together in train.tsv.\n"
    "\n"
    "  --output FOLDER  where to write; made when missing, files of an earlier run are replaced\n"
    "  --train N        pairs in train.tsv (40000)\n"
    "  --valid N        pairs in valid.tsv (1000)\n"
    "  --test N         pairs in test.tsv (1000)\n"
    "  --seed N         another number, other sentences (1)\n"
    "  --quiet          no message when it is done\n"
    "  --help           this text\n"
    "\n"
    "The same options write the same bytes on every machine. Exit status: 0 done, 1 failed, 2 "
    "wrong use.\n";

typedef struct settings {
    const char *output;
    size_t sizes[PART_COUNT];
    uint64_t seed;
    bool quiet, help;
} settings;

enum { MOST_PAIRS = 1000000 };

static s2s_status read_number(const char *option, const char *text, uint64_t most, uint64_t *number,
                              s2s_err *err) {
    char *end;
    errno = 0;
    unsigned long long value = strtoull(text, &end, 10);
    bool digits = *text >= '0' && *text <= '9' && *end == '\0';
    if (!digits || errno != 0 || value > most)
        return s2s_fail(err, S2S_USAGE, "--%s %s: expected a whole number from 0 to %" PRIu64,
                        option, text, most);
    *number = value;
    return S2S_OK;
}

static s2s_status read_size(const char *option, const char *text, size_t *size, s2s_err *err) {
    uint64_t number = 0;
    S2S_TRY(read_number(option, text, MOST_PAIRS, &number, err));
    *size = (size_t)number;
    return S2S_OK;
}

static s2s_status set_option(settings *options, const char *name, const char *value, s2s_err *err) {
    switch (name[0]) {
    case 'o':
        options->output = value;
        return S2S_OK;
    case 't':
        return read_size(name, value, &options->sizes[name[1] == 'r' ? TRAIN_PART : TEST_PART],
                         err);
    case 'v':
        return read_size(name, value, &options->sizes[VALID_PART], err);
    case 's':
        return read_number(name, value, UINT64_MAX, &options->seed, err);
    case 'q':
        options->quiet = true;
        return S2S_OK;
    default:
        options->help = true;
        return S2S_OK;
    }
}

static s2s_status read_options(settings *options, int argc, char **argv, s2s_err *err) {
    static const struct option known[] = {
        {"output", required_argument, NULL, 0}, {"train", required_argument, NULL, 0},
        {"valid", required_argument, NULL, 0},  {"test", required_argument, NULL, 0},
        {"seed", required_argument, NULL, 0},   {"quiet", no_argument, NULL, 0},
        {"help", no_argument, NULL, 0},         {NULL, 0, NULL, 0},
    };
    opterr = 0;
    for (;;) {
        int which = -1, current = optind;
        int found = getopt_long(argc, argv, ":", known, &which);
        if (found == -1) break;
        if (found == ':') return s2s_fail(err, S2S_USAGE, "%s needs a value", argv[current]);
        if (found != 0) return s2s_fail(err, S2S_USAGE, "%s: no such option", argv[current]);
        S2S_TRY(set_option(options, known[which].name, optarg, err));
    }
    if (options->help) return S2S_OK;
    if (optind < argc)
        return s2s_fail(err, S2S_USAGE, "%s: an argument that is not an option; is it --output %s?",
                        argv[optind], argv[optind]);
    if (options->output == NULL || *options->output == '\0')
        return s2s_fail(err, S2S_USAGE, "--output FOLDER is missing");
    return S2S_OK;
}

static s2s_status run(const settings *options, s2s_err *err) {
    s2s_demo_corpus corpus;
    s2s_status status = s2s_demo_corpus_make(&corpus, options->sizes, options->seed, err);
    if (status == S2S_OK) status = s2s_demo_corpus_write(&corpus, options->output, err);
    if (status == S2S_OK && !options->quiet)
        fprintf(stderr, "%s: %zu training, %zu validation and %zu test pairs\n", options->output,
                corpus.count[TRAIN_PART], corpus.count[VALID_PART], corpus.count[TEST_PART]);
    s2s_demo_corpus_release(&corpus);
    return status;
}

int main(int argc, char **argv) {
    settings options = {.sizes = {40000, 1000, 1000}, .seed = 1};
    s2s_err err = {0};
    s2s_status status = read_options(&options, argc, argv, &err);
    if (status == S2S_OK && options.help) {
        if (fputs(help, stdout) < 0 || fflush(stdout) != 0)
            status = s2s_fail_errno(&err, "write", "standard output");
    } else if (status == S2S_OK) {
        status = run(&options, &err);
    }
    if (status == S2S_OK) return EXIT_SUCCESS;
    fprintf(stderr, "s2s-demo-corpus: %s\n", err.message);
    if (status != S2S_USAGE) return EXIT_FAILURE;
    fputs("s2s-demo-corpus --help tells how it is used.\n", stderr);
    return 2;
}
