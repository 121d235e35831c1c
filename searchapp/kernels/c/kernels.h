/* What all loops share: arrays held while a loop runs over them, and numbers held against these.
 *
 * Every number that leads into an array is held against its length first: arrays come from files.
 */

#ifndef SEARCHAPP_KERNELS_H
#define SEARCHAPP_KERNELS_H

#define _GNU_SOURCE /* memmem */
#define Py_LIMITED_API 0x030B0000
#define PY_SSIZE_T_CLEAN
#include <Python.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define MOST_VIEWS 72 /* arrays of one call: 64 masks, and a few beside them */

/* The functions of the module, each described where it stands. */
#define FUNCTION(name) PyObject *name(PyObject *self, PyObject *const *args, Py_ssize_t given)
FUNCTION(gather);
FUNCTION(presence);
FUNCTION(having);
FUNCTION(either);
FUNCTION(rank_words);
FUNCTION(find_texts);
FUNCTION(cut_lines);
FUNCTION(best);
FUNCTION(mark);
FUNCTION(follow);
FUNCTION(count_bits);
FUNCTION(count_codes);
FUNCTION(commonest);
FUNCTION(read_records);
FUNCTION(end_tuples);
FUNCTION(name_counted);
FUNCTION(present);
FUNCTION(titled);

typedef struct {
    Py_buffer views[MOST_VIEWS];
    int count;
} Held;

typedef enum { READ = 0, WRITTEN = PyBUF_WRITABLE } Use;

void let_go(Held *held);
int fail(Held *held, const char *why);
Py_buffer *hold_any(Held *held, PyObject *object, Py_ssize_t width, Use use);
Py_buffer *hold_numbers(Held *held, PyObject *object);
void *hold(Held *held, PyObject *object, Py_ssize_t width, Use use, Py_ssize_t *length);
int needs(Py_ssize_t given, Py_ssize_t wanted);
int read_span(PyObject *spans, Py_ssize_t at, Py_ssize_t length, Py_ssize_t *first,
              Py_ssize_t *last);

PyObject *new_tuple(PyObject *class, Py_ssize_t size);
int put(PyObject *tuple, Py_ssize_t at, PyObject *made);
int join_masks(Held *held, PyObject *masks, PyObject *allowed, int all, char *mask,
               Py_ssize_t size);

/* Call the loop for numbers that are `width` bytes wide. */
#define LOOP(width, name, numbers, ...)                                                        \
    ((width) == 1   ? name##_uint8_t((const uint8_t *)(numbers), __VA_ARGS__)                  \
     : (width) == 2 ? name##_uint16_t((const uint16_t *)(numbers), __VA_ARGS__)                \
                    : name##_uint32_t((const uint32_t *)(numbers), __VA_ARGS__))

#endif
