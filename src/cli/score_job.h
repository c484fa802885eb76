/* The three uses of `s2s score`: lines, contrastive pairs and n-best lists. Each reads what cmd_score.c has checked, has
 * it scored, and writes its results. */
#ifndef S2S_CLI_SCORE_JOB_H
#define S2S_CLI_SCORE_JOB_H

#include "cli/command.h"
#include "cli/pairs.h"
#include "model/folder.h"
#include "score/scoring.h"

typedef struct s2s_score_job {
    /* options */
    const char *source, *target, *n_best;
    s2s_strings wrong;
    int format; /* s2s_pairs_format */
    bool contrastive, normalize, tokens, tokens_count, summary, reverse, best, strict;
    double weight;
    /* at work */
    s2s_call *call;
    bool masked; /* the model tells hidden tokens, and scores texts without sources */
    bool json;   /* results are objects: asked for, or as the lines came */
    s2s_loaded_model model;
    s2s_search_recipe search; /* batches and limits */
    s2s_scoring *scoring;
    s2s_line_queue queue; /* the lines that are being scored */
} s2s_score_job;

/* --- score_lines.c: log p of each target, and the summary of all --- */
s2s_status s2s_score_lines(s2s_score_job *job, s2s_err *err);

/* --- score_contrast.c: how often the right target is the likeliest --- */
s2s_status s2s_score_contrast(s2s_score_job *job, s2s_err *err);

/* --- score_nbest.c: n-best lists in a new order --- */
s2s_status s2s_score_n_best(s2s_score_job *job, s2s_err *err);

/* --- cmd_score.c, for these --- */

s2s_status s2s_score_open(s2s_score_job *job, s2s_pairs *pairs, s2s_err *err);
/* Runs the scoring, and warns of texts that were cut and of lines that could not be scored. */
s2s_status s2s_score_run(s2s_score_job *job, s2s_scoring_io io, s2s_err *err);
/* To be called before a line is read: results come a window at a time. */
void s2s_score_progress(const s2s_score_job *job, uint64_t done);
/* log p per token. */
double s2s_score_per_token(const s2s_target_score *score);
/* Writes the object of the oldest line's result, with `fields` (a reference that it takes over; NULL for a line that
 * was refused), and takes the line off the queue. */
s2s_status s2s_score_put(s2s_score_job *job, uint64_t index, json_t *fields, s2s_err *err);

#endif
