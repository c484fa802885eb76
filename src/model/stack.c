/* A Transformer stack (Vaswani et al. 2017): declaration of its parameters and emission of its layers.
 *
 * A layer is two or three sublayers, each x + dropout(f(x)): self-attention, cross-attention (decoder), feed
 * forward. The norm comes after the sum (post, as in the paper) or before f (pre, Xiong et al. 2020; then one
 * more follows the last layer). */
#include "model/stack.h"

#include <math.h>

/* --- declaration --- */

s2s_norm_params s2s_declare_norm(const s2s_stack_recipe *r, s2s_params *params, const char *name,
                                 const char *part) {
    int width = (int)r->width;
    s2s_norm_params norm = {S2S_NO_PARAM, S2S_NO_PARAM};
    norm.gain = s2s_params_add(params, 1, width, S2S_INIT_ONE, 0, "%s.%s.weight", name, part);
    if (r->norm_type == S2S_LAYER_NORM && r->bias)
        norm.bias = s2s_params_add(params, 1, width, S2S_INIT_ZERO, 0, "%s.%s.bias", name, part);
    return norm;
}

s2s_linear_params s2s_declare_linear(const s2s_stack_recipe *r, s2s_params *params, int out, int in,
                                     const char *name, const char *part) {
    s2s_linear_params linear = {S2S_NO_PARAM, S2S_NO_PARAM};
    linear.weight = s2s_params_add(params, out, in, S2S_INIT_XAVIER, 0, "%s.%s.weight", name, part);
    s2s_params_may_pack(params, linear.weight);
    if (r->bias)
        linear.bias = s2s_params_add(params, 1, out, S2S_INIT_ZERO, 0, "%s.%s.bias", name, part);
    return linear;
}

static void declare_layer(s2s_layer_params *layer, const s2s_stack *stack, s2s_params *params,
                          const char *name) {
    const s2s_stack_recipe *r = stack->recipe;
    int width = (int)r->width, feed = (int)r->feed_forward;
    int q = (int)r->heads * s2s_head_width(r), kv = (int)r->kv_heads * s2s_head_width(r);
    layer->qkv = s2s_declare_linear(r, params, q + 2 * kv, width, name, "self_attention.qkv");
    layer->self_out = s2s_declare_linear(r, params, width, q, name, "self_attention.out");
    layer->self_norm = s2s_declare_norm(r, params, name, "self_attention.norm");
    if (stack->memory_width) {
        layer->cross_q = s2s_declare_linear(r, params, q, width, name, "cross_attention.q");
        layer->cross_kv =
            s2s_declare_linear(r, params, 2 * kv, stack->memory_width, name, "cross_attention.kv");
        layer->cross_out = s2s_declare_linear(r, params, width, q, name, "cross_attention.out");
        layer->cross_norm = s2s_declare_norm(r, params, name, "cross_attention.norm");
    }
    int inner = s2s_activation_is_gated(r->activation) ? 2 * feed : feed;
    layer->feed_in = s2s_declare_linear(r, params, inner, width, name, "feed_forward.in");
    layer->feed_out = s2s_declare_linear(r, params, width, feed, name, "feed_forward.out");
    layer->feed_norm = s2s_declare_norm(r, params, name, "feed_forward.norm");
}

static void declare_positions(s2s_stack *stack, s2s_params *params, const char *name) {
    const s2s_stack_recipe *r = stack->recipe;
    stack->positions = stack->relative = stack->segments = S2S_NO_PARAM;
    if (r->positions == S2S_LEARNED)
        stack->positions =
            s2s_params_add(params, (int)r->max_positions, (int)r->width, S2S_INIT_NORMAL,
                           1 / sqrt((double)r->width), "%s.positions.weight", name);
    if (r->positions == S2S_RELATIVE)
        stack->relative =
            s2s_params_add(params, (int)r->relative_buckets, (int)r->heads, S2S_INIT_NORMAL,
                           1 / sqrt((double)r->width), "%s.relative.weight", name);
    if (r->segments)
        stack->segments = s2s_params_add(params, (int)r->segments, (int)r->width, S2S_INIT_NORMAL,
                                         1 / sqrt((double)r->width), "%s.segments.weight", name);
}

void s2s_stack_declare(s2s_stack *stack, const s2s_stack_recipe *recipe, const char *name,
                       int memory_width, s2s_params *params, s2s_arena *arena) {
    *stack = (s2s_stack){.recipe = recipe, .memory_width = memory_width, .embedding = S2S_NO_PARAM};
    stack->embedding_norm = stack->final_norm = (s2s_norm_params){S2S_NO_PARAM, S2S_NO_PARAM};
    if (params->error.status) return;
    stack->layers =
        s2s_arena_alloc(arena, (size_t)recipe->layers * sizeof *stack->layers, &params->error);
    if (!stack->layers) return;
    declare_positions(stack, params, name);
    if (recipe->embedding_norm)
        stack->embedding_norm = s2s_declare_norm(recipe, params, name, "embedding_norm");
    for (int i = 0; i < recipe->layers; i++) {
        s2s_buf prefix = {0};
        if (!s2s_buf_printf(&prefix, &params->error, "%s.layers.%d", name, i))
            declare_layer(stack->layers + i, stack, params, prefix.data);
        s2s_buf_release(&prefix);
    }
    if (recipe->norm == S2S_PRE_NORM)
        stack->final_norm = s2s_declare_norm(recipe, params, name, "norm");
}

/* --- emission --- */

/* Positions whose sinusoids are made once: as many as take half a millisecond when a program starts. The ops
 * compute those beyond, which costs little beside a wide model's products. */
static int table_positions(int64_t width) {
    enum { SINUSOIDS = 1 << 15 };
    return width < SINUSOIDS ? (int)(SINUSOIDS / width) : 1;
}

static s2s_slot emit_linear(const s2s_emitter *e, s2s_slot x, s2s_linear_params linear) {
    return s2s_linear(e->plan, x, linear.weight, linear.bias);
}

static s2s_slot emit_norm(const s2s_emitter *e, s2s_slot x, s2s_norm_params norm) {
    const s2s_stack_recipe *r = e->stack->recipe;
    return s2s_norm(e->plan, x, norm.gain, norm.bias, r->norm_eps, r->norm_type == S2S_LAYER_NORM);
}

/* What a sublayer's function reads, and how its result joins the residual stream. */
static s2s_slot before(const s2s_emitter *e, s2s_slot x, s2s_norm_params norm) {
    return e->stack->recipe->norm == S2S_PRE_NORM ? emit_norm(e, x, norm) : x;
}

static s2s_slot after(const s2s_emitter *e, s2s_slot x, s2s_slot branch, s2s_norm_params norm) {
    s2s_slot sum = s2s_dropout_add(e->plan, branch, x, e->stack->recipe->dropout);
    return e->stack->recipe->norm == S2S_POST_NORM ? emit_norm(e, sum, norm) : sum;
}

static s2s_attention_options attention_options(const s2s_stack *stack) {
    const s2s_stack_recipe *r = stack->recipe;
    return (s2s_attention_options){.heads = (int)r->heads,
                                   .kv_heads = (int)r->kv_heads,
                                   .head_width = s2s_head_width(r),
                                   .scale = 1 / sqrt((double)s2s_head_width(r)),
                                   .dropout = r->attention_dropout,
                                   .relative = S2S_NO_PARAM};
}

s2s_attention_options s2s_cross_attention_options(const s2s_stack *stack) {
    s2s_attention_options options = attention_options(stack);
    options.value = options.kv_heads * options.head_width;
    return options;
}

static s2s_slot self_attention(const s2s_emitter *e, s2s_slot x, const s2s_layer_params *layer,
                               int index) {
    const s2s_stack_recipe *r = e->stack->recipe;
    s2s_attention_options options = attention_options(e->stack);
    options.key = options.heads * options.head_width;
    options.value = options.key + options.kv_heads * options.head_width;
    options.causal = e->causal;
    options.relative = e->stack->relative;
    options.buckets = (int)r->relative_buckets;
    options.span = (int)r->relative_span;
    s2s_slot qkv = emit_linear(e, x, layer->qkv);
    if (r->positions == S2S_ROTARY)
        qkv = s2s_rotary(e->plan, qkv,
                         (s2s_rotary_options){.heads = options.heads + options.kv_heads,
                                              .head_width = options.head_width,
                                              .sinusoids = e->sinusoids,
                                              .sinusoids_n = table_positions(options.head_width)});
    s2s_slot y = e->cached ? s2s_cache_attention(e->plan, qkv, qkv, index, false, options)
                           : s2s_attention(e->plan, qkv, qkv, options);
    return emit_linear(e, y, layer->self_out);
}

static s2s_slot cross_attention(const s2s_emitter *e, s2s_slot x, const s2s_layer_params *layer,
                                int index) {
    s2s_attention_options options = s2s_cross_attention_options(e->stack);
    s2s_slot q = emit_linear(e, x, layer->cross_q), y;
    if (e->cached)
        y = s2s_cache_attention(e->plan, q, S2S_NO_SLOT, index, true, options);
    else
        y = s2s_attention(e->plan, q, emit_linear(e, e->memory, layer->cross_kv), options);
    return emit_linear(e, y, layer->cross_out);
}

static s2s_slot feed_forward(const s2s_emitter *e, s2s_slot x, const s2s_layer_params *layer) {
    const s2s_stack_recipe *r = e->stack->recipe;
    s2s_slot inner = emit_linear(e, x, layer->feed_in);
    return emit_linear(e, s2s_activate(e->plan, inner, r->activation, r->activation_dropout),
                       layer->feed_out);
}

static s2s_slot emit_layer(const s2s_emitter *e, s2s_slot x, const s2s_layer_params *layer,
                           int index) {
    x = after(e, x, self_attention(e, before(e, x, layer->self_norm), layer, index),
              layer->self_norm);
    if (e->stack->memory_width)
        x = after(e, x, cross_attention(e, before(e, x, layer->cross_norm), layer, index),
                  layer->cross_norm);
    return after(e, x, feed_forward(e, before(e, x, layer->feed_norm), layer), layer->feed_norm);
}

s2s_slot s2s_emit_embedding(const s2s_emitter *e) {
    const s2s_stack_recipe *r = e->stack->recipe;
    s2s_embed_options options = {.table = e->stack->embedding,
                                 .position_table = e->stack->positions,
                                 .segment_table = e->stack->segments,
                                 .scale = r->embedding_scale ? sqrt((double)r->width) : 1};
    if (r->positions == S2S_SINUSOIDAL) {
        options.sinusoids_n = table_positions(r->width);
        options.sinusoids = s2s_sinusoids(e->plan, options.sinusoids_n, (int)r->width);
    }
    s2s_slot x = s2s_embed(e->plan, e->rows, options);
    if (r->embedding_norm) x = emit_norm(e, x, e->stack->embedding_norm);
    if (r->dropout > 0) x = s2s_dropout_add(e->plan, x, S2S_NO_SLOT, r->dropout);
    s2s_plan_mark(e->plan, x);
    return x;
}

s2s_slot s2s_emit_layers(const s2s_emitter *e, s2s_slot x) {
    const s2s_stack_recipe *r = e->stack->recipe;
    s2s_emitter layers = *e;
    if (r->positions == S2S_ROTARY)
        layers.sinusoids =
            s2s_sinusoids(e->plan, table_positions(s2s_head_width(r)), s2s_head_width(r));
    for (int i = 0; i < r->layers; i++) {
        x = emit_layer(&layers, x, e->stack->layers + i, i);
        s2s_plan_mark(e->plan, x);
    }
    return r->norm == S2S_PRE_NORM ? emit_norm(e, x, e->stack->final_norm) : x;
}
