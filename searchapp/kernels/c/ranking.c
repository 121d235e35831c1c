/* Works that matched to their order: shares of words, neighbours, and words in titles.
 *
 * Floats are added in the order and width of plain.py and scoring.py: both rank bit by bit alike.
 */

#include "kernels.h"

/* Mark rows, for each width that these have; stop at one that cannot be. */
#define LOOPS_OVER(Row)                                                                        \
    static int mark_##Row(const Row *rows, Py_ssize_t first, Py_ssize_t last, char *mask,      \
                          Py_ssize_t size)                                                     \
    {                                                                                          \
        for (Py_ssize_t at = first; at < last; at++) {                                         \
            if (rows[at] >= (size_t)size) return 0;                                            \
            mask[rows[at]] = 1;                                                                \
        }                                                                                      \
        return 1;                                                                              \
    }

LOOPS_OVER(uint8_t)
LOOPS_OVER(uint16_t)
LOOPS_OVER(uint32_t)

/* Add the shares of one word, (whole, rarity, begun, rarity, counts), to the scores of `rows`. */
static int add_shares(Held *held, PyObject *part, Py_ssize_t size, const int64_t *rows,
                      Py_ssize_t count, double *scores, int is_first, char *whole)
{
    Py_ssize_t length = size;
    const float *amounts[2] = {NULL, NULL};
    double rarity[2] = {0, 0};
    if (!PyTuple_Check(part) || PyTuple_Size(part) != 5) return 0;
    for (int i = 0; i < 2; i++) {
        PyObject *array = PyTuple_GetItem(part, 2 * i);
        if (array == Py_None) continue;
        if (!(amounts[i] = hold(held, array, 4, READ, &length))) return 0;
        rarity[i] = PyFloat_AsDouble(PyTuple_GetItem(part, 2 * i + 1));
    }
    const int counts = whole && PyObject_IsTrue(PyTuple_GetItem(part, 4));
    if (PyErr_Occurred()) return 0;
    for (Py_ssize_t i = 0; i < count; i++) {
        const size_t row = (size_t)rows[i];
        if (row >= (size_t)size) {
            PyErr_Format(PyExc_ValueError, "row %zu of %zd", row, size);
            return 0;
        }
        double share = amounts[0] ? amounts[0][row] * rarity[0] : 0;
        if (amounts[1] && !(share > 0)) {
            share = amounts[1][row] * rarity[1];
            if (counts && share > 0) whole[i] = 0;
        }
        scores[i] = is_first ? share : scores[i] + share;
    }
    return 1;
}

/* Keep the best of what is offered in a heap whose least stands first. */
static void offer(double *heap, Py_ssize_t *count, Py_ssize_t most, double score)
{
    Py_ssize_t at;
    if (*count < most) {
        for (at = (*count)++; at && heap[(at - 1) / 2] > score; at = (at - 1) / 2)
            heap[at] = heap[(at - 1) / 2];
        heap[at] = score;
        return;
    }
    if (!(score > heap[0])) return;
    for (at = 0;;) {
        Py_ssize_t next = 2 * at + 1;
        if (next >= most) break;
        if (next + 1 < most && heap[next + 1] < heap[next]) next++;
        if (!(heap[next] < score)) break;
        heap[at] = heap[next];
        at = next;
    }
    heap[at] = score;
}

/* Put where the best `most` of some scores stand into `at`; of equal ones the first, or all that tie
 * for the last place.
 *
 * Whole words stand before those only begun: all of them are there, else none but the best of them.
 * Return how many there are, and tell by `both` whether those of both kinds; -1 without memory.
 */
static Py_ssize_t choose_best(const double *scores, const char *whole, Py_ssize_t length,
                              Py_ssize_t most, int all_ties, int64_t *at, int *both)
{
    Py_ssize_t certain = 0, kept = 0, found = 0;
    if (whole)
        for (Py_ssize_t i = 0; i < length; i++) certain += whole[i] != 0;
    const int alone = certain >= most;
    *both = certain > 0 && certain < most;
    if (*both) most -= certain;
    double *heap = malloc((size_t)most * sizeof *heap);
    if (!heap) return -1;
    for (Py_ssize_t i = 0; i < length; i++)
        if (!(*both && whole[i]) && !(alone && !whole[i])) offer(heap, &kept, most, scores[i]);
    const double least = kept == most ? heap[0] : -Py_HUGE_VAL;
    Py_ssize_t ties = length;
    if (!all_ties)
        for (ties = 0; kept; kept--) ties += heap[kept - 1] == least;
    for (Py_ssize_t i = 0; i < length; i++)
        if (*both && whole[i])
            at[found++] = i;
        else if (!(alone && !whole[i]) && scores[i] >= least && (scores[i] > least || ties-- > 0))
            at[found++] = i;
    free(heap);
    return found;
}

/* best(scores, whole, count, at) -> (how many places, whether those of both kinds are there) */
FUNCTION(best)
{
    (void)self;
    Held held = {.count = 0};
    if (!needs(given, 4)) return NULL;
    Py_ssize_t length = -1;
    const Py_ssize_t most = PyLong_AsSsize_t(args[2]);
    const double *scores = hold(&held, args[0], 8, READ, &length);
    int64_t *at = scores ? hold(&held, args[3], 8, WRITTEN, &length) : NULL;
    const char *whole = NULL;
    if (at && args[1] != Py_None && !(whole = hold(&held, args[1], 1, READ, &length))) at = NULL;
    if (!at || PyErr_Occurred() || most < 1) return fail(&held, "best of one or more"), NULL;
    int both;
    const Py_ssize_t found = choose_best(scores, whole, length, most, 1, at, &both);
    let_go(&held);
    if (found < 0) return PyErr_NoMemory();
    return Py_BuildValue("nO", found, both ? Py_True : Py_False);
}

/* mark(rows, spans, mask) */
FUNCTION(mark)
{
    (void)self;
    Held held = {.count = 0};
    if (!needs(given, 3)) return NULL;
    Py_ssize_t size = -1, first, last;
    Py_buffer *rows = hold_numbers(&held, args[0]);
    char *mask = rows ? hold(&held, args[2], 1, WRITTEN, &size) : NULL;
    if (!mask || !PyList_Check(args[1])) return fail(&held, "mark takes a list of spans"), NULL;
    const Py_ssize_t width = rows->itemsize, length = rows->len / width;
    for (Py_ssize_t i = 0; i < PyList_Size(args[1]); i++) {
        if (!read_span(args[1], i, length, &first, &last)) return fail(&held, "mark"), NULL;
        if (!LOOP(width, mark, rows->buf, first, last, mask, size))
            return fail(&held, "mark: a row beyond all"), NULL;
    }
    let_go(&held);
    Py_RETURN_NONE;
}

/* The words of all works in their order, and the bits of those that are neighbours. */
typedef struct {
    const char *words;
    const uint64_t *bounds;
    const uint8_t *bits;
    Py_ssize_t text, bounds_count, bits_count, bytes;
} Order;

/* Read (words, bounds, bits). */
static int read_order(Held *held, PyObject *object, Order *order)
{
    if (!PyTuple_Check(object) || PyTuple_Size(object) != 3) return 0;
    order->text = order->bounds_count = order->bits_count = -1;
    order->words = hold(held, PyTuple_GetItem(object, 0), 1, READ, &order->text);
    if (!order->words) return 0;
    order->bounds = hold(held, PyTuple_GetItem(object, 1), 8, READ, &order->bounds_count);
    if (!order->bounds) return 0;
    order->bits = hold(held, PyTuple_GetItem(object, 2), 1, READ, &order->bits_count);
    order->bytes = order->bounds_count > 1 ? order->bits_count / (order->bounds_count - 1) : 0;
    return order->bits != NULL;
}

/* Return how often `wanted` stands in the words of a work; -1 for a work beyond all. */
static int64_t count_wanted(const Order *order, size_t row, const char *wanted, Py_ssize_t size,
                            Py_ssize_t bit)
{
    const size_t bounds_count = (size_t)order->bounds_count;
    if (row >= bounds_count || row + 1 >= bounds_count || bit >= 8 * order->bytes) return -1;
    const uint8_t *bits = order->bits + row * (size_t)order->bytes;
    if (bit >= 0 && !(bits[bit / 8] >> (bit & 7) & 1)) return 0;
    const uint64_t first = order->bounds[row], last = order->bounds[row + 1];
    if (last > (uint64_t)order->text || first > last) return -1;
    const char *at = order->words + first, *end = order->words + last;
    int64_t times = 0;
    while ((at = memmem(at, (size_t)(end - at), wanted, (size_t)size))) {
        times++;
        at += size;
    }
    return times;
}

/* follow(order, rows, wanted, bit, times) -> how often in all */
FUNCTION(follow)
{
    (void)self;
    Held held = {.count = 0};
    if (!needs(given, 5)) return NULL;
    Order order;
    Py_ssize_t count = -1, size = -1, total = 0;
    const int64_t *rows = hold(&held, args[1], 8, READ, &count);
    const char *wanted = rows ? hold(&held, args[2], 1, READ, &size) : NULL;
    int64_t *times = wanted ? hold(&held, args[4], 8, WRITTEN, &count) : NULL;
    const Py_ssize_t bit = PyLong_AsSsize_t(args[3]);
    if (!times || PyErr_Occurred() || size < 1 || !read_order(&held, args[0], &order))
        return fail(&held, "follow takes (words, bounds, bits)"), NULL;
    for (Py_ssize_t i = 0; i < count; i++) {
        times[i] = count_wanted(&order, (size_t)rows[i], wanted, size, bit);
        if (times[i] < 0) return fail(&held, "a row beyond all"), NULL;
        total += times[i];
    }
    let_go(&held);
    return PyLong_FromSsize_t(total);
}

/* Add what titles have of words, [(spans, share), ...], to the shares of some works.
 *
 * `mask` has room for all works. Return whether any title has any; -1 where something is wrong.
 */
static int add_titled(const Py_buffer *rows, PyObject *words, Py_ssize_t size, const int64_t *works,
                      Py_ssize_t count, char *mask, double *shares)
{
    const Py_ssize_t width = rows->itemsize, length = rows->len / width;
    Py_ssize_t first, last;
    int any = 0;
    for (Py_ssize_t word = 0; word < PyList_Size(words); word++) {
        PyObject *pair = PyList_GetItem(words, word);
        PyObject *spans = PyTuple_Check(pair) ? PyTuple_GetItem(pair, 0) : NULL;
        const double share = spans ? PyFloat_AsDouble(PyTuple_GetItem(pair, 1)) : 0;
        if (!spans || !PyList_Check(spans) || PyErr_Occurred()) return -1;
        memset(mask, 0, (size_t)size);
        for (Py_ssize_t i = 0; i < PyList_Size(spans); i++) {
            if (!read_span(spans, i, length, &first, &last)) return -1;
            if (!LOOP(width, mark, rows->buf, first, last, mask, size)) return -1;
        }
        for (Py_ssize_t i = 0; i < count; i++) {
            if ((size_t)works[i] >= (size_t)size) return -1;
            if (mask[works[i]]) shares[i] += share, any = 1;
        }
    }
    return any;
}

/* titled(rows, words, size, works, shares) -> whether any */
FUNCTION(titled)
{
    (void)self;
    Held held = {.count = 0};
    if (!needs(given, 5)) return NULL;
    const Py_ssize_t size = PyLong_AsSsize_t(args[2]);
    Py_ssize_t count = -1;
    const Py_buffer *rows = hold_numbers(&held, args[0]);
    const int64_t *works = rows ? hold(&held, args[3], 8, READ, &count) : NULL;
    double *shares = works ? hold(&held, args[4], 8, WRITTEN, &count) : NULL;
    if (!shares || PyErr_Occurred() || size < 0 || !PyList_Check(args[1]))
        return fail(&held, "titled"), NULL;
    char *mask = malloc((size_t)size + 1);
    if (!mask) return PyErr_NoMemory(), fail(&held, ""), NULL;
    memset(shares, 0, (size_t)count * sizeof *shares);
    const int any = add_titled(rows, args[1], size, works, count, mask, shares);
    free(mask);
    if (any < 0) return fail(&held, "titled: a word or a row that cannot be"), NULL;
    let_go(&held);
    return PyBool_FromLong(any);
}

/* Add what neighbours in the question, [(wanted, bit, share), ...], give to some works. */
static int add_neighbours(const Order *order, PyObject *pairs, const int64_t *works,
                          Py_ssize_t count, double k1, double *lifts)
{
    for (Py_ssize_t i = 0; i < PyList_Size(pairs); i++) {
        PyObject *pair = PyList_GetItem(pairs, i);
        if (!PyTuple_Check(pair) || PyTuple_Size(pair) != 3) return 0;
        const char *wanted = PyBytes_AsString(PyTuple_GetItem(pair, 0));
        const Py_ssize_t bit = PyLong_AsSsize_t(PyTuple_GetItem(pair, 1));
        const double share = PyFloat_AsDouble(PyTuple_GetItem(pair, 2));
        if (PyErr_Occurred()) return 0;
        const Py_ssize_t size = PyBytes_Size(PyTuple_GetItem(pair, 0));
        if (size < 1) return 0;
        for (Py_ssize_t at = 0; at < count; at++) {
            const int64_t times = count_wanted(order, (size_t)works[at], wanted, size, bit);
            if (times < 0) return 0;
            if (times) {
                const double often = (double)times;
                lifts[at] += share * (often * (k1 + 1) / (often + k1));
            }
        }
    }
    return 1;
}

typedef struct {
    double score;
    int64_t row;
    int begun;
} Ranked;

static int compare_ranked(const void *one, const void *other)
{
    const Ranked *a = one, *b = other;
    if (a->begun != b->begun) return a->begun - b->begun;
    if (a->score != b->score) return a->score > b->score ? -1 : 1;
    return a->row < b->row ? -1 : 1;
}

/* rank_words(rows, parts, size, most, titles, order, weights, found, scores) -> how many
 *
 * titles are (rows, [(spans, share), ...]), order is (words, bounds, bits, [(wanted, bit, share),
 * ...]), weights are (k1, together, in_title, whole).
 */
FUNCTION(rank_words)
{
    (void)self;
    Held held = {.count = 0};
    if (!needs(given, 9)) return NULL;
    Order order;
    double k1, together, in_title, whole_share;
    PyObject *order_object, *pairs, *title_rows, *title_words, *result = NULL;
    const Py_ssize_t size = PyLong_AsSsize_t(args[2]), most = PyLong_AsSsize_t(args[3]);
    Py_ssize_t count = -1, room = most;
    const int64_t *rows = hold(&held, args[0], 8, READ, &count);
    int64_t *found = rows ? hold(&held, args[7], 8, WRITTEN, &room) : NULL;
    double *ranks = found ? hold(&held, args[8], 8, WRITTEN, &room) : NULL;
    if (!ranks || PyErr_Occurred() || most < 1 || size < 0 || !PyList_Check(args[1]) ||
        !PyArg_ParseTuple(args[4], "OO!", &title_rows, &PyList_Type, &title_words) ||
        !PyArg_ParseTuple(args[5], "OO!", &order_object, &PyList_Type, &pairs) ||
        !PyArg_ParseTuple(args[6], "dddd", &k1, &together, &in_title, &whole_share) ||
        !read_order(&held, order_object, &order))
        return fail(&held, "rank_words"), NULL;
    const Py_buffer *titles = hold_numbers(&held, title_rows);
    if (!titles) return fail(&held, ""), NULL;
    /* One block: scores and places of all rows, lifts and shares of titles of the best, masks. */
    const size_t all = (size_t)count + 1;
    double *scores = calloc(1, all * 16 + ((size_t)most + 1) * 40 + all + (size_t)size + 1);
    if (!scores) return PyErr_NoMemory(), fail(&held, ""), NULL;
    int64_t *at = (int64_t *)(scores + all);
    double *lifts = (double *)(at + all), *shares = lifts + most + 1;
    Ranked *ranked = (Ranked *)(shares + most + 1);
    char *whole = (char *)(ranked + most + 1), *mask = whole + all;
    memset(whole, 1, (size_t)count);
    for (Py_ssize_t i = 0; i < PyList_Size(args[1]); i++) {
        const int before = held.count;
        if (!add_shares(&held, PyList_GetItem(args[1], i), size, rows, count, scores, i == 0, whole))
            goto done;
        while (held.count > before) PyBuffer_Release(&held.views[--held.count]);
    }
    int both;
    const Py_ssize_t kept = choose_best(scores, whole, count, most, 0, at, &both);
    if (kept < 0) {
        PyErr_NoMemory();
        goto done;
    }
    if (kept > most) goto done; /* as only what is no number could make them */
    for (Py_ssize_t i = 0; i < kept; i++) found[i] = rows[at[i]];
    if (!add_neighbours(&order, pairs, found, kept, k1, lifts)) goto done;
    if (add_titled(titles, title_words, size, found, kept, mask, shares) < 0) goto done;
    for (Py_ssize_t i = 0; i < kept; i++) {
        const double plain = scores[at[i]], lift = together * lifts[i];
        const double worth = whole_share > 0 ? in_title * shares[i] / whole_share : 0;
        const double score = plain + (lift + (plain + lift) * worth);
        ranked[i] = (Ranked){score, found[i], both && !whole[at[i]]};
    }
    qsort(ranked, (size_t)kept, sizeof *ranked, compare_ranked);
    for (Py_ssize_t i = 0; i < kept; i++) {
        found[i] = ranked[i].row;
        ranks[i] = ranked[i].score;
    }
    result = PyLong_FromSsize_t(kept);
done:
    free(scores);
    if (!result) return fail(&held, "rank_words: a word or a row that cannot be"), NULL;
    let_go(&held);
    return result;
}
