/* Defaults: the plain ones, and those that other keys tell. */
#include "support.h"

static void plain_defaults(void **state) {
    (void)state;
    s2s_recipe *r = parse_good(MODEL, NULL);
    assert_string_equal(r->name, "r");
    assert_string_equal(r->output, "/r/runs/r");
    assert_int_equal(r->seed, 1);
    assert_int_equal(r->text.vocabulary.type, S2S_UNIGRAM);
    assert_int_equal(r->text.vocabulary.size, 8000);
    assert_true(r->text.vocabulary.shared);
    assert_true(r->text.vocabulary.character_coverage == 1.0);
    assert_int_equal(r->text.normalization, S2S_NFKC);
    assert_int_equal(r->encoder.layers, 6);
    assert_int_equal(r->encoder.width, 512);
    assert_int_equal(r->encoder.heads, 8);
    assert_int_equal(r->encoder.kv_heads, 8);
    assert_int_equal(r->encoder.feed_forward, 2048);
    assert_int_equal(r->encoder.norm, S2S_PRE_NORM);
    assert_true(r->encoder.norm_eps == 1e-5);
    assert_true(r->encoder.dropout == 0.1);
    assert_true(r->encoder.embedding_scale);
    assert_int_equal(r->decoder.tie, S2S_TIE_ALL);
    assert_true(r->objective.label_smoothing == 0.1);
    assert_int_equal(r->train.batch_tokens, 4096);
    assert_int_equal(r->train.accumulate, 1);
    assert_true(r->train.optimizer.learning_rate == 5e-4);
    assert_true(r->train.optimizer.adam_betas[1] == 0.98);
    assert_true(r->train.optimizer.adam_eps == 1e-9);
    assert_true(r->train.optimizer.clip_norm == 1.0);
    assert_int_equal(r->train.schedule.type, S2S_INVERSE_SQRT);
    assert_int_equal(r->train.schedule.warmup_steps, 4000);
    assert_int_equal(r->search.type, S2S_BEAM);
    assert_int_equal(r->search.beam_size, 5);
    assert_true(r->search.length_penalty == 1.0);
    assert_int_equal(r->train.validation.search.type, S2S_GREEDY);
    s2s_recipe_free(r);
}

static void decoder_takes_from_encoder(void **state) {
    (void)state;
    s2s_recipe *r = parse_good("encoder: {layers: 3, width: 64, heads: 4, kv_heads: 2, "
                               "feed_forward: 100, dropout: 0.3, norm: post}\n"
                               "decoder: {layers: 1, heads: 8}\n",
                               NULL);
    assert_int_equal(r->decoder.layers, 1);
    assert_int_equal(r->decoder.width, 64);
    assert_int_equal(r->decoder.heads, 8);
    assert_int_equal(r->decoder.kv_heads, 2);
    assert_int_equal(r->decoder.feed_forward, 100);
    assert_true(r->decoder.dropout == 0.3);
    assert_int_equal(r->decoder.norm, S2S_POST_NORM);
    assert_true(r->decoder.present && r->encoder.present);
    s2s_recipe_free(r);
    /* What the encoder leaves open is worked out from the decoder's own values. */
    r = parse_good("encoder: {width: 64}\ndecoder: {width: 128, heads: 2}\n", NULL);
    assert_int_equal(r->encoder.feed_forward, 256);
    assert_int_equal(r->decoder.feed_forward, 512);
    assert_int_equal(r->encoder.kv_heads, 8);
    assert_int_equal(r->decoder.kv_heads, 2);
    assert_int_equal(r->decoder.tie, S2S_TIE_DECODER);
    s2s_recipe_free(r);
}

static void tie_follows_the_vocabulary(void **state) {
    (void)state;
    s2s_recipe *r = parse_good(MODEL, "text.vocabulary.shared=false");
    assert_int_equal(r->decoder.tie, S2S_TIE_DECODER);
    s2s_recipe_free(r);
    r = parse_good("encoder: {}\ndecoder: {tie: none}\n", "text.vocabulary.shared=false");
    assert_int_equal(r->decoder.tie, S2S_TIE_NONE);
    s2s_recipe_free(r);
}

static void validation_search_follows_search(void **state) {
    (void)state;
    s2s_recipe *r = parse_good(MODEL "search: {beam_size: 7, n_best: 3, length_penalty: 0.5}\n"
                                     "train: {validation: {search: {type: beam}}}\n",
                               NULL);
    const s2s_search_recipe *s = &r->train.validation.search;
    assert_int_equal(s->type, S2S_BEAM);
    assert_int_equal(s->beam_size, 7);
    assert_int_equal(s->n_best, 1);
    assert_true(s->length_penalty == 0.5);
    s2s_recipe_free(r);
}

/* A search reads of long sources what training has read, unless it is told otherwise. */
static void searches_cut_as_training_does(void **state) {
    (void)state;
    s2s_recipe *r = parse_good(MODEL "data: {train: null, head_share: 0.8}\n", NULL);
    assert_int_equal(r->data.long_sources, S2S_LONG_DROP);
    assert_int_equal(r->data.long_targets, S2S_LONG_DROP);
    assert_int_equal(r->search.long_sources, S2S_LONG_HEAD);
    assert_int_equal(r->search.max_source_length, 10000);
    assert_true(r->search.head_share == 0.8);
    s2s_recipe_free(r);
    r = parse_good(MODEL "data: {train: null, max_length: 100, long_sources: head-tail}\n"
                         "train: {validation: {search: {long_sources: tail}}}\n",
                   NULL);
    assert_int_equal(r->search.long_sources, S2S_LONG_HEAD_TAIL);
    assert_int_equal(r->search.max_source_length, 99);
    assert_int_equal(r->train.validation.search.long_sources, S2S_LONG_TAIL);
    assert_int_equal(r->train.validation.search.max_source_length, 99);
    s2s_recipe_free(r);
    r = parse_good(MODEL "data: {train: null, max_length: 100, long_sources: tail}\n"
                         "search: {long_sources: head-tail, max_source_length: 500, head_share: 0.3}\n",
                   NULL);
    assert_int_equal(r->search.long_sources, S2S_LONG_HEAD_TAIL);
    assert_int_equal(r->search.max_source_length, 500);
    assert_true(r->search.head_share == 0.3 && r->data.head_share == 0.5);
    s2s_recipe_free(r);
}

static void metrics_hold_the_criterion(void **state) {
    (void)state;
    s2s_recipe *r = parse_good(TRAINS "train: {validation: {metrics: [loss, chrf]}, "
                                      "early_stopping: {metric: bleu}}\n",
                               NULL);
    assert_int_equal(r->train.validation.metrics_n, 2);
    assert_int_equal(r->train.validation.metrics[0], S2S_METRIC_CHRF);
    assert_int_equal(r->train.validation.metrics[1], S2S_METRIC_BLEU);
    s2s_recipe_free(r);
}

static void training_ends(void **state) {
    (void)state;
    s2s_recipe *r = parse_good(TRAINS, NULL);
    assert_int_equal(r->train.early_stopping.patience, 8);
    s2s_recipe_free(r);
    r = parse_good(TRAINS, "train.max_epochs=5");
    assert_int_equal(r->train.early_stopping.patience, 0);
    s2s_recipe_free(r);
    r = parse_good(TRAINS "train: {max_epochs: 5}\n", "train.early_stopping.patience=3");
    assert_int_equal(r->train.early_stopping.patience, 3);
    s2s_recipe_free(r);
    r = parse_good(TRAINS "train: {max_steps: 9000, average_last: 4}\n",
                   "train.schedule.type=cosine");
    assert_int_equal(r->train.schedule.decay_steps, 9000);
    assert_int_equal(r->train.keep_last, 4);
    s2s_recipe_free(r);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(plain_defaults),
        cmocka_unit_test(decoder_takes_from_encoder),
        cmocka_unit_test(tie_follows_the_vocabulary),
        cmocka_unit_test(validation_search_follows_search),
        cmocka_unit_test(searches_cut_as_training_does),
        cmocka_unit_test(metrics_hold_the_criterion),
        cmocka_unit_test(training_ends),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
