// See sentencepiece.h.
#include <unistd.h>

#include <exception>
#include <memory>
#include <new>
#include <string>
#include <string_view>
#include <system_error>
#include <unordered_map>
#include <vector>

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <sentencepiece_processor.h>
#include <sentencepiece_trainer.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

extern "C" {
#include "base/err.h"
#include "text/sentencepiece.h"
}

namespace spm = sentencepiece;

struct s2s_spm {
    spm::SentencePieceProcessor processor;
    bool nbest = false;
};

namespace {

// Counts are summed by thread, so another number of threads gives another unigram model.
const char training_threads[] = "16";

// Runs `body`, which returns a status, and turns what it throws into one.
template <typename Body> s2s_status guarded(s2s_err *err, Body body) {
    try {
        return body();
    } catch (const std::bad_alloc &) {
        return s2s_fail(err, S2S_MEMORY, "out of memory in SentencePiece");
    } catch (const std::system_error &e) { // threads, which only training starts
        return s2s_fail(err, S2S_MEMORY,
                        "cannot start the %s threads that learning a vocabulary takes: %s; raise "
                        "the limits on memory and processes (ulimit -v, ulimit -u)",
                        training_threads, e.what());
    } catch (const std::exception &e) {
        return s2s_fail(err, S2S_INPUT, "SentencePiece: %s", e.what());
    } catch (...) {
        return s2s_fail(err, S2S_INPUT, "SentencePiece failed without a reason");
    }
}

s2s_status failed(const spm::util::Status &status, s2s_err *err) {
    return s2s_fail(err, S2S_INPUT, "SentencePiece: %s", status.error_message());
}

// --- training ---

// Gives the trainer one line at a time, straight from the caller.
class Lines : public spm::SentenceIterator {
  public:
    Lines(s2s_next_line next, void *self, s2s_err *err) : next_(next), self_(self), err_(err) {
        Next();
    }
    bool done() const override {
        return !more_;
    }
    const std::string &value() const override {
        return line_;
    }
    spm::util::Status status() const override {
        if (failure_ == S2S_OK) return spm::util::Status();
        return spm::util::Status(spm::util::StatusCode::kAborted, "reading failed");
    }
    void Next() override {
        const char *line = nullptr;
        size_t length = 0;
        failure_ = next_(self_, &line, &length, &more_, err_);
        if (failure_ != S2S_OK) more_ = false;
        if (!more_) return;
        line_.assign(line, length);
        seen_ = true;
    }
    s2s_status failure() const {
        return failure_;
    }
    bool seen() const {
        return seen_;
    }

  private:
    s2s_next_line next_;
    void *self_;
    s2s_err *err_;
    std::string line_;
    bool more_ = false, seen_ = false;
    s2s_status failure_ = S2S_OK;
};

std::unordered_map<std::string, std::string> arguments(const s2s_spm_options &options) {
    const char *collapse = options.keep_whitespace ? "false" : "true";
    std::unordered_map<std::string, std::string> arguments = {
        {"model_type", options.bpe ? "bpe" : "unigram"},
        {"vocab_size", std::to_string(options.size)},
        {"character_coverage", std::to_string(options.character_coverage)},
        {"byte_fallback", options.byte_fallback ? "true" : "false"},
        {"unk_id", "0"},
        {"bos_id", "1"},
        {"eos_id", "2"},
        {"pad_id", "-1"},
        // Ours comes before and is the only one, so that there is one rule to know.
        {"normalization_rule_name", "identity"},
        {"remove_extra_whitespaces", collapse},
        {"allow_whitespace_only_pieces", options.keep_whitespace ? "true" : "false"},
        {"num_threads", training_threads},
        {"max_sentence_length", "1073741824"},
        {"minloglevel", "4"},
    };
    std::string symbols;
    for (int i = 0; i < options.symbols_n; i++)
        symbols += (i ? "," : "") + std::string(options.symbols[i]);
    if (!symbols.empty()) arguments["control_symbols"] = symbols;
    if (options.sample_lines > 0)
        arguments["input_sentence_size"] = std::to_string(options.sample_lines);
    // The trainer uses tabs as marks of its own: without this they would all be unknown.
    if (options.keep_whitespace) arguments["user_defined_symbols"] = "\t";
    return arguments;
}

// Says in our terms what the trainer says about sizes.
s2s_status training_failed(const s2s_spm_options &options, const char *message, s2s_err *err) {
    long long size = options.size;
    if (const char *limit = std::strstr(message, "set it to a value <= "))
        return s2s_fail(err, S2S_INPUT,
                        "text.vocabulary.size: %lld pieces are more than this text gives; the "
                        "largest that works is %lld",
                        size, std::atoll(limit + std::strlen("set it to a value <= ")));
    const char *needed = std::strstr(message, " vs ");
    if (needed && std::strstr(message, "required_chars"))
        return s2s_fail(err, S2S_INPUT,
                        "text.vocabulary.size: %lld pieces are too few: characters and special "
                        "symbols of this text take %lld; raise it, or lower "
                        "text.vocabulary.character_coverage",
                        size, std::atoll(needed + std::strlen(" vs ")));
    return s2s_fail(err, S2S_INPUT, "SentencePiece: %s", message);
}

// SentencePiece learns on threads of its own. What one of them throws, which is that memory is short, no caller
// can catch: the process ends, but it can say why. Nothing is half written, because a model is kept in memory
// until it is whole.
[[noreturn]] void tell_and_end() {
    static const char text[] =
        "s2s: out of memory while a vocabulary is learned; lower text.vocabulary.sample_lines, or raise "
        "the limit on memory (ulimit -v)\n";
    ssize_t written = write(STDERR_FILENO, text, sizeof text - 1);
    (void)written;
    _exit(1);
}

class TerminateGuard {
  public:
    TerminateGuard() : before_(std::set_terminate(tell_and_end)) {}
    ~TerminateGuard() { std::set_terminate(before_); }

  private:
    std::terminate_handler before_;
};

} // namespace

s2s_status s2s_spm_train(const s2s_spm_options *options, s2s_next_line next, void *self,
                         s2s_buf *model, s2s_err *err) {
    return guarded(err, [&]() -> s2s_status {
        Lines lines(next, self, err);
        if (lines.failure() != S2S_OK) return lines.failure();
        if (!lines.seen())
            return s2s_fail(err, S2S_INPUT,
                            "there is no text to learn a vocabulary from: all lines are empty");
        std::string bytes;
        TerminateGuard guard;
        spm::util::Status status =
            spm::SentencePieceTrainer::Train(arguments(*options), &lines, &bytes);
        if (lines.failure() != S2S_OK) return lines.failure();
        if (!status.ok()) return training_failed(*options, status.error_message(), err);
        return s2s_buf_append(model, bytes.data(), bytes.size(), err);
    });
}

// --- loading ---

s2s_status s2s_spm_load(s2s_spm **spm_, const void *data, size_t size, s2s_err *err) {
    return guarded(err, [&]() -> s2s_status {
        auto loaded = std::make_unique<s2s_spm>();
        spm::util::Status status = loaded->processor.LoadFromSerializedProto(
            std::string_view(static_cast<const char *>(data), size));
        if (!status.ok() || loaded->processor.GetPieceSize() == 0)
            return s2s_fail(err, S2S_INPUT, "this is no SentencePiece model, or a damaged one");
        if (loaded->processor.eos_id() < 0)
            return s2s_fail(err, S2S_INPUT,
                            "this SentencePiece model has no end symbol </s>; train it with one");
        std::vector<std::vector<int>> best;
        loaded->nbest = loaded->processor.NBestEncode("a", 2, &best).ok();
        *spm_ = loaded.release();
        return S2S_OK;
    });
}

void s2s_spm_free(s2s_spm *spm) {
    delete spm;
}

int s2s_spm_size(const s2s_spm *spm) {
    return spm->processor.GetPieceSize();
}
int32_t s2s_spm_unk(const s2s_spm *spm) {
    return spm->processor.unk_id();
}
int32_t s2s_spm_bos(const s2s_spm *spm) {
    return spm->processor.bos_id();
}
int32_t s2s_spm_eos(const s2s_spm *spm) {
    return spm->processor.eos_id();
}
bool s2s_spm_has_nbest(const s2s_spm *spm) {
    return spm->nbest;
}

const char *s2s_spm_piece(const s2s_spm *spm, int32_t id) {
    return spm->processor.IdToPiece(id).c_str();
}
float s2s_spm_score(const s2s_spm *spm, int32_t id) {
    return spm->processor.GetScore(id);
}
bool s2s_spm_is_byte(const s2s_spm *spm, int32_t id) {
    return spm->processor.IsByte(id);
}
bool s2s_spm_is_text(const s2s_spm *spm, int32_t id) {
    const spm::SentencePieceProcessor &p = spm->processor;
    return !p.IsUnknown(id) && !p.IsControl(id) && !p.IsUnused(id) && !p.IsByte(id);
}
int32_t s2s_spm_id(const s2s_spm *spm, const char *piece) {
    return spm->processor.PieceToId(piece);
}

// --- text to ids and back ---

namespace {

s2s_status append(const std::vector<int> &from, s2s_ids *to, s2s_err *err) {
    static_assert(sizeof(int) == sizeof(int32_t), "ids are copied as they are");
    if (from.empty()) return S2S_OK;
    S2S_TRY(s2s_grow(&to->data, &to->capacity, to->size + from.size(), sizeof(int32_t), err));
    std::memcpy(to->data + to->size, from.data(), from.size() * sizeof(int32_t));
    to->size += from.size();
    return S2S_OK;
}

} // namespace

s2s_status s2s_spm_encode(const s2s_spm *spm, const char *text, size_t length, s2s_ids *ids,
                          s2s_err *err) {
    return guarded(err, [&]() -> s2s_status {
        std::vector<int> found;
        spm::util::Status status = spm->processor.Encode(std::string_view(text, length), &found);
        return status.ok() ? append(found, ids, err) : failed(status, err);
    });
}

s2s_status s2s_spm_nbest(const s2s_spm *spm, const char *text, size_t length, int n, s2s_ids *ids,
                         s2s_ids *starts, s2s_err *err) {
    return guarded(err, [&]() -> s2s_status {
        std::vector<std::vector<int>> found;
        spm::util::Status status =
            spm->processor.NBestEncode(std::string_view(text, length), n, &found);
        if (!status.ok()) return failed(status, err);
        S2S_TRY(s2s_ids_push(starts, static_cast<int32_t>(ids->size), err));
        for (const std::vector<int> &one : found) {
            S2S_TRY(append(one, ids, err));
            S2S_TRY(s2s_ids_push(starts, static_cast<int32_t>(ids->size), err));
        }
        return S2S_OK;
    });
}

// The pieces of any segmentation, end to end, are the surface; a byte piece stands for its byte.
s2s_status s2s_spm_surface(const s2s_spm *spm, const char *text, size_t length, s2s_buf *surface,
                           s2s_err *err) {
    return guarded(err, [&]() -> s2s_status {
        auto found = spm->processor.EncodeAsImmutableProto(std::string_view(text, length));
        for (const auto &piece : found.pieces()) {
            const std::string &bytes = piece.piece();
            if (spm->processor.IsByte(static_cast<int>(piece.id()))) {
                char byte =
                    static_cast<char>(std::strtol(bytes.c_str() + 3, nullptr, 16)); // <0xHH>
                S2S_TRY(s2s_buf_append(surface, &byte, 1, err));
            } else {
                S2S_TRY(s2s_buf_append(surface, bytes.data(), bytes.size(), err));
            }
        }
        return S2S_OK;
    });
}

s2s_status s2s_spm_decode(const s2s_spm *spm, const int32_t *ids, size_t n, s2s_buf *text,
                          s2s_err *err) {
    return guarded(err, [&]() -> s2s_status {
        std::string decoded;
        spm::util::Status status = spm->processor.Decode(std::vector<int>(ids, ids + n), &decoded);
        if (!status.ok()) return failed(status, err);
        return s2s_buf_append(text, decoded.data(), decoded.size(), err);
    });
}
