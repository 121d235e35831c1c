/* Sorted texts in one blob: looked up by halves, where they stand. */

#include "kernels.h"

/* Return how many of the texts in `utf8`, each from its bound on, sort before `text`; -1: none can. */
static Py_ssize_t position_of(const char *utf8, Py_ssize_t end, const uint32_t *bounds,
                              Py_ssize_t count, const char *text, Py_ssize_t size)
{
    Py_ssize_t first = 0, last = count;
    while (first < last) {
        const Py_ssize_t middle = first + (last - first) / 2;
        const Py_ssize_t length = (Py_ssize_t)bounds[middle + 1] - (Py_ssize_t)bounds[middle] - 1;
        if (length < 0 || (Py_ssize_t)bounds[middle + 1] > end) return -1;
        const Py_ssize_t shared = length < size ? length : size;
        const int order = memcmp(utf8 + bounds[middle], text, (size_t)shared);
        if (order < 0 || (!order && length < size))
            first = middle + 1;
        else
            last = middle;
    }
    return first;
}

/* find_texts(utf8, bounds, text, begun) -> (the first that is or begins with it, the one after) */
FUNCTION(find_texts)
{
    (void)self;
    Held held = {.count = 0};
    if (!needs(given, 4)) return NULL;
    Py_ssize_t length = -1, bounds_count = -1, size = -1;
    const char *utf8 = hold(&held, args[0], 1, READ, &length);
    const uint32_t *bounds = utf8 ? hold(&held, args[1], 4, READ, &bounds_count) : NULL;
    const char *text = bounds ? hold(&held, args[2], 1, READ, &size) : NULL;
    const int begun = PyObject_IsTrue(args[3]);
    if (!text || begun < 0 || bounds_count < 1) return fail(&held, "find_texts"), NULL;
    const Py_ssize_t count = bounds_count - 1;
    const Py_ssize_t first = position_of(utf8, length, bounds, count, text, size);
    Py_ssize_t after = first;
    if (begun) {
        char *last = malloc((size_t)size + 1);
        if (!last) return PyErr_NoMemory(), fail(&held, ""), NULL;
        memcpy(last, text, (size_t)size);
        last[size] = (char)0xff; /* greater than all bytes of UTF-8, so behind all that goes on */
        after = position_of(utf8, length, bounds, count, last, size + 1);
        free(last);
    } else if (0 <= first && first < count) {
        const Py_ssize_t start = bounds[first], stop = (Py_ssize_t)bounds[first + 1] - 1;
        after += stop - start == size && stop <= length && !memcmp(utf8 + start, text, (size_t)size);
    }
    if (first < 0 || after < first) return fail(&held, "texts beyond their end"), NULL;
    let_go(&held);
    return Py_BuildValue("nn", first, after);
}
