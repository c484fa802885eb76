/* The keys of `train`: optimizer, schedule, validation, checkpoints. */
#include "recipe/sections.h"

static const char *const precisions[] = {[S2S_TRAIN_FLOAT32] = "float32",
                                         [S2S_TRAIN_BFLOAT16] = "bfloat16",
                                         [S2S_TRAIN_AUTO] = "auto",
                                         NULL};
static const char *const recomputes[] = {[S2S_RECOMPUTE_NONE] = "none",
                                         [S2S_RECOMPUTE_CHEAP] = "cheap",
                                         [S2S_RECOMPUTE_LAYERS] = "layers",
                                         NULL};
static const char *const optimizer_types[] = {
    [S2S_ADAM] = "adam", [S2S_ADAMW] = "adamw", [S2S_SGD] = "sgd", NULL};
static const char *const moments[] = {
    [S2S_FLOAT32_MOMENTS] = "float32", [S2S_BFLOAT16_MOMENTS] = "bfloat16", NULL};
static const char *const schedule_types[] = {
    [S2S_INVERSE_SQRT] = "inverse_sqrt", [S2S_LINEAR] = "linear",   [S2S_COSINE] = "cosine",
    [S2S_CONSTANT] = "constant",         [S2S_PLATEAU] = "plateau", NULL};

static const s2s_key optimizer_keys[] = {
    CHOICE(s2s_optimizer_recipe, type, optimizer_types, adam,
           "Adam, Adam with decoupled weight decay, or plain gradient descent.", PLAIN),
    NUMBER(s2s_optimizer_recipe, learning_rate, 5e-4, 0, 1000,
           "The highest rate, reached at the end of the warm-up.", .flags = S2S_KEY_ABOVE_LOW),
    {FIELD(REALS, s2s_optimizer_recipe, adam_betas), .initial = "[0.9, 0.98]", .count = 2, SHARE,
     .help = "Decay of the running means of the gradient and of its square."},
    NUMBER(s2s_optimizer_recipe, adam_eps, 1e-9, 0, 1, "Added to the root of the mean square.",
           .flags = S2S_KEY_ABOVE_LOW | S2S_KEY_BELOW_HIGH),
    NUMBER(
        s2s_optimizer_recipe, weight_decay, 0, 0, 1000,
        "Pull of matrices towards zero: decoupled from the gradient with adamw, else part of it.",
        PLAIN),
    NUMBER(s2s_optimizer_recipe, clip_norm, 1.0, 0, INFINITY,
           "The gradient is scaled down to this norm when it is above; 0 is off.", PLAIN),
    CHOICE(s2s_optimizer_recipe, moments, moments, float32,
           "What adam and adamw store their running means as; bfloat16 takes half the memory, and "
           "rounds at random so that the means stay true.",
           PLAIN),
};
static const s2s_section optimizer_section = KEYS(optimizer_keys);

static const s2s_key schedule_keys[] = {
    CHOICE(
        s2s_schedule_recipe, type, schedule_types, inverse_sqrt,
        "The rate after the warm-up: falls with one over the square root of the step; falls as a "
        "line or a cosine; stays; or falls when validation shows no progress (plateau).",
        PLAIN),
    WHOLE(s2s_schedule_recipe, warmup_steps, 4000, 0, INFINITY,
          "Steps in which the rate rises from zero.", PLAIN),
    WHOLE(s2s_schedule_recipe, decay_steps, 0, 0, INFINITY,
          "Linear and cosine: the step at which `min_learning_rate` is reached.",
          .note = "`max_steps`, for linear and cosine"),
    NUMBER(s2s_schedule_recipe, min_learning_rate, 0, 0, 1000, "The rate never falls below this.",
           PLAIN),
    NUMBER(s2s_schedule_recipe, plateau_factor, 0.5, 0, 1,
           "Plateau: the rate is multiplied by this.",
           .flags = S2S_KEY_ABOVE_LOW | S2S_KEY_BELOW_HIGH),
    WHOLE(s2s_schedule_recipe, plateau_patience, 2, 1, 1000000,
          "Plateau: after so many validations without progress.", PLAIN),
};
static const s2s_section schedule_section = KEYS(schedule_keys);

static const s2s_key validation_keys[] = {
    WHOLE(s2s_validation_recipe, every, 0, 0, INFINITY,
          "Steps between validations; 0 validates after every epoch.", PLAIN),
    {FIELD(ENUMS, s2s_validation_recipe, metrics), .initial = "[]", .names = s2s_metric_names,
     .count = S2S_METRIC_TYPES, .filled = offsetof(s2s_validation_recipe, metrics_n),
     .note = "and the metric of `early_stopping`",
     .help = "What to measure besides the loss, which is always measured; anything here makes "
             "validation translate `data.valid`."},
    SECTION(s2s_validation_recipe, search, s2s_validation_search,
            "The search that translates `data.valid`.", .inherits = "search"),
};
static const s2s_section validation_section = KEYS(validation_keys);

static const s2s_key early_stopping_keys[] = {
    CHOICE(s2s_early_stopping_recipe, metric, s2s_metric_names, loss,
           "What tells the better of two checkpoints, for stopping and for `keep_best`: lower is "
           "better for loss, ter, cer and wer, higher for the others.",
           PLAIN),
    WHOLE(s2s_early_stopping_recipe, patience, 8, 0, 1000000,
          "Training ends after so many validations without a better value; 0 is never.",
          .note = "0 when `max_steps` or `max_epochs` is set, or without `data.valid`"),
};
static const s2s_section early_stopping_section = KEYS(early_stopping_keys);

static const s2s_key train_keys[] = {
    WHOLE(s2s_train_recipe, batch_tokens, 4096, 1, 100000000,
          "Tokens of the longer side in a batch.", PLAIN),
    WHOLE(s2s_train_recipe, accumulate, 1, 1, 100000, "Batches a step of the optimizer.", PLAIN),
    WHOLE(s2s_train_recipe, max_steps, 0, 0, INFINITY,
          "Steps after which training ends; 0 is no such limit.", PLAIN),
    WHOLE(s2s_train_recipe, max_epochs, 0, 0, INFINITY,
          "Epochs after which training ends; 0 is no such limit.", PLAIN),
    SECTION(s2s_train_recipe, optimizer, optimizer_section, "How a gradient changes the weights.",
            PLAIN),
    SECTION(s2s_train_recipe, schedule, schedule_section, "The learning rate over time.", PLAIN),
    SECTION(s2s_train_recipe, validation, validation_section, "Measuring on `data.valid`.", PLAIN),
    SECTION(s2s_train_recipe, early_stopping, early_stopping_section,
            "Ending when the model gets no better.", PLAIN),
    CHOICE(s2s_train_recipe, precision, precisions, float32,
           "The inputs of matrix products: float32, or rounded to bfloat16 (weights, sums and all "
           "else stay float32), which some processors multiply several times as fast; auto takes "
           "bfloat16 on those.",
           PLAIN),
    CHOICE(
        s2s_train_recipe, recompute, recomputes, cheap,
        "What the backward pass computes again to save memory (gradient checkpointing): nothing; "
        "what is cheap (norms, activations); or whole layers, for a third more time. "
        "The result is the same.",
        PLAIN),
    {FIELD(REAL, s2s_train_recipe, ema_decay), .initial = "0", SHARE,
     .help =
         "The model is a running mean of the weights with this decay (0.999 is usual); 0 is off."},
    WHOLE(s2s_train_recipe, average_last, 1, 1, 1000,
          "The finished model is the mean of the last so many validations' checkpoints; 1 is the "
          "best alone, or without `data.valid` the last.",
          PLAIN),
    WHOLE(s2s_train_recipe, save_every, 0, 0, INFINITY,
          "A checkpoint is saved at every validation; this many steps apart also between them, to "
          "lose less when the machine fails (only the latest of these is kept). 0 is off.",
          PLAIN),
    WHOLE(s2s_train_recipe, keep_last, 1, 1, 1000, "Latest checkpoints of validations to keep.",
          .note = "`average_last` when that is more"),
    WHOLE(s2s_train_recipe, keep_best, 1, 0, 1000,
          "Best checkpoints to keep, by the metric of `early_stopping`.", PLAIN),
    WHOLE(s2s_train_recipe, log_every, 100, 1, INFINITY, "Steps between lines of the log.", PLAIN),
};
const s2s_section s2s_train_schema = KEYS(train_keys);
