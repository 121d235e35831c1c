/* Works to how many of them have each value of a facet, and the values to those shown. */

#include "kernels.h"

/* Count codes, for each width that these have; padding lies beyond those that count. */
#define LOOPS_OVER(Row)                                                                        \
    static void count_##Row(const Row *codes, Py_ssize_t first, Py_ssize_t last,               \
                            int64_t *counts, size_t size)                                      \
    {                                                                                          \
        for (Py_ssize_t at = first; at < last; at++)                                           \
            if (codes[at] < size) counts[codes[at]]++;                                         \
    }

LOOPS_OVER(uint8_t)
LOOPS_OVER(uint16_t)
LOOPS_OVER(uint32_t)

/* Where a processor may count bits in one step, that is chosen when the module is loaded. */
#if defined(__x86_64__) && defined(__GLIBC__) && defined(__GNUC__) && !defined(__clang__)
__attribute__((target_clones("popcnt", "default")))
#endif
static int64_t count_shared(const uint64_t *one, const uint64_t *other, Py_ssize_t width)
{
    int64_t count = 0;
    for (Py_ssize_t i = 0; i < width; i++) count += __builtin_popcountll(one[i] & other[i]);
    return count;
}

/* count_bits(bits, width, masks, size, counts) */
FUNCTION(count_bits)
{
    (void)self;
    Held held = {.count = 0};
    if (!needs(given, 5)) return NULL;
    const Py_ssize_t width = PyLong_AsSsize_t(args[1]), size = PyLong_AsSsize_t(args[3]);
    Py_ssize_t values = -1, length = -1;
    int64_t *counts = hold(&held, args[4], 8, WRITTEN, &values);
    if (width > 0) length = values * width;
    const uint64_t *bits = counts ? hold(&held, args[0], 8, READ, &length) : NULL;
    if (!bits || PyErr_Occurred() || size < 0 || width < (size + 63) / 64)
        return fail(&held, "count_bits: fewer bits than works"), NULL;
    uint64_t *packed = calloc(1, ((size_t)width + 1) * sizeof *packed + (size_t)size + 1);
    if (!packed) return PyErr_NoMemory(), fail(&held, ""), NULL;
    char *mask = (char *)(packed + width + 1);
    if (!join_masks(&held, args[2], Py_None, 1, mask, size)) {
        free(packed);
        return fail(&held, "count_bits takes a tuple of masks"), NULL;
    }
    for (Py_ssize_t i = 0; i < size; i += 64) {
        const Py_ssize_t end = size - i < 64 ? size - i : 64;
        uint64_t word = 0;
        for (Py_ssize_t bit = 0; bit < end; bit++) word |= (uint64_t)(mask[i + bit] & 1) << bit;
        packed[i / 64] = word;
    }
    for (Py_ssize_t value = 0; value < values; value++)
        counts[value] = count_shared(bits + value * width, packed, width);
    free(packed);
    let_go(&held);
    Py_RETURN_NONE;
}

/* count_codes(table, columns, more, bounds, rows, counts) */
FUNCTION(count_codes)
{
    (void)self;
    Held held = {.count = 0};
    if (!needs(given, 6)) return NULL;
    const Py_ssize_t columns = PyLong_AsSsize_t(args[1]);
    Py_ssize_t bounds_count = -1, count = -1, size = -1;
    Py_buffer *table = hold_numbers(&held, args[0]);
    Py_buffer *more = table ? hold_any(&held, args[2], table->itemsize, READ) : NULL;
    const uint32_t *bounds = more ? hold(&held, args[3], 4, READ, &bounds_count) : NULL;
    const int64_t *rows = bounds ? hold(&held, args[4], 8, READ, &count) : NULL;
    int64_t *counts = rows ? hold(&held, args[5], 8, WRITTEN, &size) : NULL;
    if (!counts || PyErr_Occurred() || columns < 1) return fail(&held, "count_codes"), NULL;
    const Py_ssize_t width = table->itemsize;
    const size_t works = (size_t)(table->len / width / columns);
    const size_t beyond = (size_t)(more->len / width);
    for (Py_ssize_t i = 0; i < count; i++) {
        const size_t row = (size_t)rows[i];
        if (row >= works || row + 1 >= (size_t)bounds_count || bounds[row + 1] > beyond)
            return fail(&held, "a row beyond all"), NULL;
        const Py_ssize_t first = (Py_ssize_t)row * columns;
        LOOP(width, count, table->buf, first, first + columns, counts, (size_t)size);
        if (bounds[row] < bounds[row + 1])
            LOOP(width, count, more->buf, bounds[row], bounds[row + 1], counts, (size_t)size);
    }
    let_go(&held);
    Py_RETURN_NONE;
}

typedef struct {
    int64_t count, place;
} Counted;

/* Tell whether `one` stands behind `other`: it is rarer, or as rare and its place is later. */
static inline int is_behind(const Counted *one, const Counted *other)
{
    return one->count != other->count ? one->count < other->count : one->place > other->place;
}

static int compare_counted(const void *one, const void *other)
{
    return is_behind(one, other) ? 1 : is_behind(other, one) ? -1 : 0;
}

/* Put `new` at the head of a heap of `size`, whose last in order stands first, or where it goes. */
static void sift(Counted *heap, Py_ssize_t size, Counted new)
{
    Py_ssize_t at = 0;
    for (Py_ssize_t next; (next = 2 * at + 1) < size; at = next) {
        if (next + 1 < size && is_behind(&heap[next + 1], &heap[next])) next++;
        if (!is_behind(&heap[next], &new)) break;
        heap[at] = heap[next];
    }
    heap[at] = new;
}

/* commonest(counts, places, most) -> [(place, count), ...], the most common first */
FUNCTION(commonest)
{
    (void)self;
    Held held = {.count = 0};
    if (!needs(given, 3)) return NULL;
    Py_ssize_t size = -1, kept = 0, most = PyLong_AsSsize_t(args[2]);
    const int64_t *counts = hold(&held, args[0], 8, READ, &size);
    const int32_t *places = counts ? hold(&held, args[1], 4, READ, &size) : NULL;
    if (!places || PyErr_Occurred() || most < 0) return fail(&held, "commonest"), NULL;
    if (most > size) most = size;
    Counted *heap = malloc(((size_t)most + 1) * sizeof *heap);
    if (!heap) return PyErr_NoMemory(), fail(&held, ""), NULL;
    for (Py_ssize_t i = 0; i < size && most; i++) {
        if (counts[i] <= 0 || (kept == most && counts[i] < heap[0].count)) continue;
        const Counted new = {counts[i], places[i]};
        if (kept < most) {
            heap[kept++] = new;
            if (kept == most) qsort(heap, (size_t)most, sizeof *heap, compare_counted);
            if (kept == most) /* from the first to the last: turned round it is a heap */
                for (Py_ssize_t a = 0, b = most - 1; a < b; a++, b--) {
                    const Counted other = heap[a];
                    heap[a] = heap[b];
                    heap[b] = other;
                }
        } else if (is_behind(&heap[0], &new)) {
            sift(heap, most, new);
        }
    }
    qsort(heap, (size_t)kept, sizeof *heap, compare_counted);
    let_go(&held);
    PyObject *list = PyList_New(kept);
    for (Py_ssize_t i = 0; list && i < kept; i++) {
        PyObject *pair = Py_BuildValue("LL", (long long)heap[i].place, (long long)heap[i].count);
        if (!pair || PyList_SetItem(list, i, pair) < 0) Py_CLEAR(list);
    }
    free(heap);
    return list;
}

/* present(counts, order) -> [(place, count), ...], in the fixed order */
FUNCTION(present)
{
    (void)self;
    Held held = {.count = 0};
    if (!needs(given, 2)) return NULL;
    Py_ssize_t size = -1, room = -1;
    const int64_t *counts = hold(&held, args[0], 8, READ, &size);
    const int32_t *order = counts ? hold(&held, args[1], 4, READ, &room) : NULL;
    PyObject *made = order ? PyList_New(0) : NULL;
    for (Py_ssize_t place = 0; made && place < room; place++) {
        const int32_t code = order[place];
        if (code < 0 || code >= size) {
            PyErr_Format(PyExc_ValueError, "value %d of %zd", (int)code, size);
            Py_CLEAR(made);
        } else if (counts[code]) {
            PyObject *pair = Py_BuildValue("nL", place, (long long)counts[code]);
            if (!pair || PyList_Append(made, pair) < 0) Py_CLEAR(made);
            Py_XDECREF(pair);
        }
    }
    let_go(&held);
    return made;
}
