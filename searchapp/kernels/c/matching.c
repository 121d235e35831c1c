/* Postings to the works that have them, as amounts, masks and rows. */

#include "kernels.h"

/* The loops over rows, for each width that these have; they stop at a row that cannot be. */
#define LOOPS_OVER(Row)                                                                        \
    static int add_##Row(const Row *rows, const float *scores, Py_ssize_t first,               \
                         Py_ssize_t last, double *sums, Py_ssize_t size)                       \
    {                                                                                          \
        for (Py_ssize_t at = first; at < last; at++) {                                         \
            if (rows[at] >= (size_t)size) return 0;                                            \
            sums[rows[at]] += scores[at];                                                      \
        }                                                                                      \
        return 1;                                                                              \
    }                                                                                          \
    /* Hand sums over, once for each row; without sums, the scores themselves. */              \
    static Py_ssize_t give_##Row(const Row *rows, const float *scores, Py_ssize_t first,       \
                                 Py_ssize_t last, const double *sums, double most,             \
                                 float *amounts, char *mask, Py_ssize_t size)                  \
    {                                                                                          \
        Py_ssize_t works = 0;                                                                  \
        for (Py_ssize_t at = first; at < last; at++) {                                         \
            const size_t row = rows[at];                                                       \
            if (row >= (size_t)size) return -1;                                                \
            const double sum = sums ? (sums[row] < most ? sums[row] : most) : scores[at];      \
            amounts[row] = (float)sum;                                                         \
            works += !mask[row] && amounts[row] > 0;                                           \
            mask[row] = amounts[row] > 0;                                                      \
        }                                                                                      \
        return works;                                                                          \
    }

LOOPS_OVER(uint8_t)
LOOPS_OVER(uint16_t)
LOOPS_OVER(uint32_t)

/* gather(rows, scores, spans, once, most, amounts, mask) -> works */
FUNCTION(gather)
{
    (void)self;
    Held held = {.count = 0};
    if (!needs(given, 7)) return NULL;
    Py_ssize_t length = -1, size = -1, works = 0, first, last;
    const Py_buffer *rows = hold_numbers(&held, args[0]);
    const float *scores = rows ? hold(&held, args[1], 4, READ, &length) : NULL;
    float *amounts = scores ? hold(&held, args[5], 4, WRITTEN, &size) : NULL;
    char *mask = amounts ? hold(&held, args[6], 1, WRITTEN, &size) : NULL;
    const double most = PyFloat_AsDouble(args[4]);
    const int once = PyObject_IsTrue(args[3]);
    if (!mask || PyErr_Occurred() || !PyList_Check(args[2]))
        return fail(&held, "gather takes arrays and a list of spans"), NULL;
    const Py_ssize_t width = rows->itemsize;
    if (rows->len / width < length) length = rows->len / width;
    double *sums = once ? NULL : calloc((size_t)size + 1, sizeof *sums);
    if (!once && !sums) return PyErr_NoMemory(), fail(&held, ""), NULL;
    for (Py_ssize_t i = 0; sums && i < PyList_Size(args[2]); i++)
        if (!read_span(args[2], i, length, &first, &last) ||
            !LOOP(width, add, rows->buf, scores, first, last, sums, size))
            goto failed;
    for (Py_ssize_t i = 0; i < PyList_Size(args[2]); i++) {
        if (!read_span(args[2], i, length, &first, &last)) goto failed;
        const Py_ssize_t more =
            LOOP(width, give, rows->buf, scores, first, last, sums, most, amounts, mask, size);
        if (more < 0) goto failed;
        works += more;
    }
    free(sums);
    let_go(&held);
    return PyLong_FromSsize_t(works);
failed:
    free(sums);
    return fail(&held, "gather: a row beyond all"), NULL;
}

/* presence(amounts, mask) -> works */
FUNCTION(presence)
{
    (void)self;
    Held held = {.count = 0};
    if (!needs(given, 2)) return NULL;
    Py_ssize_t size = -1;
    const float *amounts = hold(&held, args[0], 4, READ, &size);
    char *mask = amounts ? hold(&held, args[1], 1, WRITTEN, &size) : NULL;
    if (!mask) return fail(&held, "presence"), NULL;
    int64_t works = 0;
    for (Py_ssize_t i = 0; i < size; i++) works += mask[i] = amounts[i] > 0;
    let_go(&held);
    return PyLong_FromLongLong(works);
}

/* Put the AND or OR of `masks`, and the AND with `allowed` unless that is None, into `mask`. */
int join_masks(Held *held, PyObject *masks, PyObject *allowed, int all, char *mask,
                      Py_ssize_t size)
{
    const Py_ssize_t count = PyTuple_Check(masks) ? PyTuple_Size(masks) : 0;
    for (Py_ssize_t i = 0; i <= count; i++) {
        if (i == count && allowed == Py_None) break;
        PyObject *object = i == count ? allowed : PyTuple_GetItem(masks, i);
        Py_ssize_t length = size;
        const char *one = hold(held, object, 1, READ, &length);
        if (!one) return 0;
        if (!i)
            memcpy(mask, one, (size_t)size);
        else if (all || i == count)
            for (Py_ssize_t at = 0; at < size; at++) mask[at] &= one[at];
        else
            for (Py_ssize_t at = 0; at < size; at++) mask[at] |= one[at];
    }
    return count > 0;
}

/* having(masks, allowed, mask, rows) -> how many rows have all */
FUNCTION(having)
{
    (void)self;
    Held held = {.count = 0};
    if (!needs(given, 4)) return NULL;
    Py_ssize_t size = -1;
    char *mask = hold(&held, args[2], 1, WRITTEN, &size);
    Py_ssize_t room = size + 1; /* each row is written, and kept if it has all */
    int64_t *rows = mask ? hold(&held, args[3], 8, WRITTEN, &room) : NULL;
    if (!rows || !join_masks(&held, args[0], args[1], 1, mask, size))
        return fail(&held, "having takes a tuple of masks"), NULL;
    Py_ssize_t count = 0;
    for (Py_ssize_t row = 0; row < size; row++) {
        rows[count] = row;
        count += mask[row] != 0;
    }
    let_go(&held);
    return PyLong_FromSsize_t(count);
}

/* either(masks, allowed, mask) -> how many rows have any */
FUNCTION(either)
{
    (void)self;
    Held held = {.count = 0};
    if (!needs(given, 3)) return NULL;
    Py_ssize_t size = -1;
    char *mask = hold(&held, args[2], 1, WRITTEN, &size);
    if (!mask || !join_masks(&held, args[0], args[1], 0, mask, size))
        return fail(&held, "either takes a tuple of masks"), NULL;
    int64_t count = 0;
    for (Py_ssize_t row = 0; row < size; row++) count += mask[row] != 0;
    let_go(&held);
    return PyLong_FromLongLong(count);
}
