/* The safetensors format (https://github.com/huggingface/safetensors): named tensors in one file.
 *
 * Eight bytes tell the length of a JSON header (little-endian), which gives each tensor's name,
 * element type, shape and place; the elements follow, without gaps. A file is read through a map:
 * opening checks all of the header against the file, and nothing is copied until a tensor is asked
 * for. */
#ifndef S2S_TENSOR_SAFETENSORS_H
#define S2S_TENSOR_SAFETENSORS_H

#include <stdint.h>

#include "base/err.h"
#include "base/file.h"
#include "tensor/dtype.h"

/* --- writing --- */

/* A tensor to be stored. One row is stored as a vector, shape [width]; else the shape is [rows,
 * width]. S2S_DTYPE_F32: `data` is s2s_real, rounded to float in a double build; S2S_DTYPE_I64:
 * int64_t; S2S_DTYPE_BF16: s2s_bfloat16; S2S_DTYPE_U8: bytes. No other type is
 * written. */
typedef struct s2s_safetensors_entry {
    const char *name;
    s2s_dtype dtype;
    int64_t rows, width;
    const void *data;
    bool mapped; /* is to be read in place: such tensors lie first, at multiples of 64 bytes as long
                    as their sizes are */
} s2s_safetensors_entry;

/* What a file tells about itself, in the header's "__metadata__". */
typedef struct s2s_safetensors_note {
    const char *key, *value;
} s2s_safetensors_note;

/* Writes the file as a whole or not at all (see s2s_writer). Names must be distinct, texts UTF-8.
 */
s2s_status s2s_safetensors_write(const char *path, const s2s_safetensors_entry *entries, size_t n,
                                 const s2s_safetensors_note *notes, size_t notes_n, s2s_err *err);

/* The same into a file that the caller opened and commits. */
s2s_status s2s_safetensors_put(s2s_writer *writer, const s2s_safetensors_entry *entries, size_t n,
                               const s2s_safetensors_note *notes, size_t notes_n, s2s_err *err);

/* --- reading --- */

enum { S2S_STORED_DIMENSIONS = 8, S2S_SHAPE_TEXT = 192 };

/* A tensor in an open file. */
typedef struct s2s_stored_tensor {
    const char *name;
    s2s_dtype dtype;
    int dimensions;
    uint64_t shape[S2S_STORED_DIMENSIONS];
    size_t count;              /* elements */
    const unsigned char *data; /* `size` bytes within the map, at any alignment */
    size_t size;
} s2s_stored_tensor;

typedef struct s2s_safetensors s2s_safetensors;

/* Maps the file and checks all of it but the elements: lengths, JSON, types, shapes, and that the
 * tensors fill the file without gap or overlap. */
s2s_status s2s_safetensors_open(s2s_safetensors **file, const char *path, s2s_err *err);
void s2s_safetensors_close(s2s_safetensors *file); /* NULL is fine */

const char *s2s_safetensors_path(const s2s_safetensors *file);
/* The tensors, sorted by name. */
size_t s2s_safetensors_count(const s2s_safetensors *file);
const s2s_stored_tensor *s2s_safetensors_at(const s2s_safetensors *file, size_t index);
const s2s_stored_tensor *s2s_safetensors_find(const s2s_safetensors *file,
                                              const char *name);                     /* or NULL */
const char *s2s_safetensors_note_find(const s2s_safetensors *file, const char *key); /* or NULL */

/* Copies a tensor of F32, F64, F16 or BF16 as s2s_real. Fails when it is missing, of another type,
 * or not of shape [rows, width]; for rows = 1, [width] is as good. */
s2s_status s2s_safetensors_read(const s2s_safetensors *file, const char *name, int64_t rows,
                                int64_t width, s2s_real *out, s2s_err *err);
/* Copies a tensor of any shape with exactly this type and number of elements, byte by byte. */
s2s_status s2s_safetensors_read_raw(const s2s_safetensors *file, const char *name, s2s_dtype dtype,
                                    size_t count, void *out, s2s_err *err);

/* Gives back the memory of a tensor's pages; reading it again reads the file. */
void s2s_safetensors_forget(const s2s_safetensors *file, const char *name);

/* Whether the stored tensor's shape is that of a matrix or vector here, as in s2s_safetensors_read.
 */
bool s2s_stored_has_shape(const s2s_stored_tensor *tensor, int64_t rows, int64_t width);
/* "[128, 256]", for messages. */
void s2s_stored_shape_text(const s2s_stored_tensor *tensor, char text[S2S_SHAPE_TEXT]);
/* The same for a tensor as it would be written. */
void s2s_shape_text(int64_t rows, int64_t width, char text[S2S_SHAPE_TEXT]);

#endif
