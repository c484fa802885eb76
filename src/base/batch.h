/* A batch: what a plan reads besides parameters. Nothing is padded: the sequences of a stream lie
 * end to end, and `starts` says where each begins.
 *
 * Letters: B sequences, S and T tokens of all source and target sequences together. */
#ifndef S2S_BASE_BATCH_H
#define S2S_BASE_BATCH_H

#include <stdint.h>

enum { S2S_SOURCE, S2S_TARGET, S2S_STREAMS };

/* One packed stream of token rows. Sequence b is ids[starts[b]] .. ids[starts[b + 1] - 1]. */
typedef struct s2s_stream {
    int32_t *ids;       /* [tokens] */
    int32_t *starts;    /* [sequences + 1], starts[0] = 0, starts[sequences] = tokens */
    int32_t *positions; /* [tokens] place of each token in its text; NULL: counted from its start */
    int sequences, tokens;
    int32_t *segments; /* [tokens] segment that each token belongs to; NULL: 0 */
} s2s_stream;

/* Owner: whoever made it (the loader, a test); a plan borrows it for one step. */
typedef struct s2s_batch {
    s2s_stream stream[S2S_STREAMS];
    int32_t *labels; /* [labels_n] what the output layer must predict, a row each */
    /* [labels_n] rows that are predicted, of the stream that leads to the output layer; NULL: all */
    int32_t *predicted;
    int labels_n;
    uint64_t index; /* of no other batch of the run: the key of its random numbers */
} s2s_batch;

#endif
