/* The best lines of texts that show why they were found: what cutting.py says by numpy.
 *
 * numbers of words --which begin so?--> recognised --> matches --the best of them--> lines
 *
 * A text has one byte for each character; those from 128 on are numbered in a list of its own. The
 * lines that come out are plain, with signs for marks: HTML is made where all of it is made.
 */

#include "kernels.h"

enum {
    WIDTH = 200,       /* characters of the lines, as in snippets.py */
    LEAD = 60,         /* of them before the first match */
    LAST_WORD = 40,    /* how far before their end a word may end */
    SCANNED = 60000,   /* characters of a text whose words are known */
    MOST_WORDS = 64,   /* of a question: a bit for each */
    OTHERS = 128,      /* characters that a text may number */
    LONGEST = 4 * 1200 /* bytes of lines with all that stands around them */
};

typedef struct {
    int64_t start, end, which;
} Match;

typedef struct {
    Match *all;
    Py_ssize_t count, room;
} Matches;

/* One text: its bytes, and what the bytes from 128 on stand for, read when one is met. */
typedef struct {
    const unsigned char *bytes;
    Py_ssize_t length;
    const unsigned char *others;
    Py_ssize_t others_size;
    uint32_t table[OTHERS];
    int is_read;
} Text;

static void read_others(Text *text)
{
    int count = 0;
    Py_ssize_t at = 0;
    while (at < text->others_size && count < OTHERS) {
        const unsigned char first = text->others[at++];
        const int more = first < 0xc0 ? 0 : first < 0xe0 ? 1 : first < 0xf0 ? 2 : 3;
        uint32_t point = more ? first & (0x3fu >> more) : first;
        for (int i = 0; i < more && at < text->others_size; i++)
            point = point << 6 | (text->others[at++] & 0x3f);
        text->table[count++] = point;
    }
    while (count < OTHERS) text->table[count++] = 0xfffd;
    text->is_read = 1;
}

static uint32_t point_at(Text *text, Py_ssize_t at)
{
    const unsigned char byte = text->bytes[at];
    if (byte < 128) return byte;
    if (!text->is_read) read_others(text);
    return text->table[byte - 128];
}

/* What `\s` of Python's `re` is. */
static int is_space(uint32_t point)
{
    return (point >= 9 && point <= 13) || (point >= 28 && point <= 32) || point == 0x85 ||
           point == 0xa0 || point == 0x1680 || (point >= 0x2000 && point <= 0x200a) ||
           point == 0x2028 || point == 0x2029 || point == 0x202f || point == 0x205f ||
           point == 0x3000;
}

/* Return where lines begin that show the match at `match`: `start_of_snippet`, read from `floor`. */
static Py_ssize_t start_of_lines(Text *text, Py_ssize_t floor, Py_ssize_t match)
{
    Py_ssize_t found = -1, gap = -1;
    for (Py_ssize_t at = floor; at < match;) {
        const uint32_t point = point_at(text, at++);
        if (gap < 0 && is_space(point)) gap = at;
        if (point == '\n') {
            while (at < match && text->bytes[at] == '\n') at++;
            found = at;
        } else if (point == 0x3002 || point == 0xff01 || point == 0xff1f) { /* 。！？ */
            found = at;
        } else if (point == '.' || point == '!' || point == '?' || point == ':' || point == 0x2026) {
            const Py_ssize_t sign = at;
            while (at < match && is_space(point_at(text, at))) at++;
            if (at > sign) found = at;
            if (at > sign && gap < 0) gap = sign + 1;
        }
    }
    return found >= 0 ? found : gap >= 0 ? gap : match;
}

static Py_ssize_t end_of_lines(const Text *text, Py_ssize_t place, Py_ssize_t least)
{
    for (Py_ssize_t at = place; at >= least && at >= place - LAST_WORD; at--)
        if (text->bytes[at] == ' ') return at;
    return place;
}

static int add_match(Matches *matches, Match match)
{
    if (matches->count == matches->room) {
        const Py_ssize_t room = matches->room ? 2 * matches->room : 64;
        Match *more = realloc(matches->all, (size_t)room * sizeof *more);
        if (!more) return PyErr_NoMemory(), 0;
        matches->all = more;
        matches->room = room;
    }
    matches->all[matches->count++] = match;
    return 1;
}

typedef struct {
    int shift;
    uint64_t value;
} Root;

/* Return a new key of a word that its number alone does not tell; NULL where only asking tells. */
static PyObject *key_of(const unsigned char *bytes, Py_ssize_t start, Py_ssize_t end)
{
    for (Py_ssize_t at = start; at < end; at++)
        if (bytes[at] >= 128) return NULL;
    return PyBytes_FromStringAndSize((const char *)bytes + start, end - start);
}

/* Return which typed word a number stands for, -1 for none, -2 where asking failed.
 *
 * What is known by the number, or else by the text, is not asked for again.
 */
static int64_t recognise(PyObject *known, PyObject *ask, Py_ssize_t number_of_text,
                         const Text *text, uint64_t number, int64_t start, int64_t end)
{
    PyObject *sign = PyLong_FromUnsignedLongLong(number & ~(uint64_t)0xffff00), *key = NULL;
    PyObject *which = sign ? PyDict_GetItemWithError(known, sign) : NULL;
    if (sign && !which && !PyErr_Occurred() && end <= text->length) {
        key = key_of(text->bytes, (Py_ssize_t)start, (Py_ssize_t)end);
        which = key ? PyDict_GetItemWithError(known, key) : NULL;
    }
    if (which) {
        Py_IncRef(which);
    } else if (sign && !PyErr_Occurred()) {
        which = PyObject_CallFunction(ask, "nLLO", number_of_text, (long long)start,
                                      (long long)end, sign);
        if (which && key && PyDict_SetItem(known, key, which) < 0) Py_CLEAR(which);
    }
    Py_XDECREF(sign);
    Py_XDECREF(key);
    if (!which) return -2;
    const int64_t found = PyLong_AsLongLong(which);
    Py_DecRef(which);
    return PyErr_Occurred() || found < -1 || found >= MOST_WORDS ? -2 : found;
}

/* Gather the matches of a text: words that begin as a root, and stand for a typed one. */
static int find_matches(const uint64_t *numbers, Py_ssize_t count, const Root *roots, int root_count,
                        PyObject *known, PyObject *ask, Py_ssize_t number_of_text,
                        const Text *text, Matches *matches)
{
    int64_t start_before = -1;
    uint32_t letters = 0; /* the first of each root, by which most words are passed over */
    for (int root = 0; root < root_count; root++)
        letters |= (uint32_t)1 << (roots[root].value << roots[root].shift >> 59);
    matches->count = 0;
    for (Py_ssize_t i = 0; i < count; i++) {
        const uint64_t number = numbers[i];
        if (!(letters >> (number >> 59) & 1)) continue;
        int begins = 0;
        for (int root = 0; root < root_count; root++)
            begins |= number >> roots[root].shift == roots[root].value;
        if (!begins) continue;
        const int64_t start = (int64_t)(number >> 8 & 0xffff);
        const int64_t end = start + (int64_t)(number & 0xff);
        if (end > (int64_t)text->length)
            return PyErr_SetString(PyExc_ValueError, "a word beyond its text"), 0;
        const int64_t which = recognise(known, ask, number_of_text, text, number, start, end);
        if (which < -1) return 0;
        /* The parts of a word with an apostrophe are one match. */
        if (which >= 0 && start != start_before && !add_match(matches, (Match){start, end, which}))
            return 0;
        start_before = which >= 0 ? start : -1;
    }
    return 1;
}

/* Return the first match of the window with most different words, then most matches. */
static Py_ssize_t best_window(const Matches *matches, Py_ssize_t *last)
{
    Py_ssize_t first = 0, most = 0;
    int most_words = 0;
    for (Py_ssize_t i = 0, next = 0; i < matches->count; i++) {
        const int64_t until = matches->all[i].start + WIDTH - LEAD;
        if (next < i + 1) next = i + 1;
        while (next < matches->count && matches->all[next].end <= until) next++;
        uint64_t words = 0;
        for (Py_ssize_t at = i; at < next; at++) words |= (uint64_t)1 << matches->all[at].which;
        const int different = __builtin_popcountll(words);
        if (different > most_words || (different == most_words && next - i > most)) {
            most_words = different;
            most = next - i;
            first = i;
            *last = next;
        }
    }
    return first;
}

/* A line as it is written, its white space made single spaces. */
typedef struct {
    char bytes[LONGEST];
    size_t size;
    int after_space;
} Line;

static void write_point(Line *line, uint32_t point)
{
    if (point == '\n') point = ' ';
    if (point == ' ' && line->after_space) return;
    line->after_space = point == ' ';
    if (line->size + 4 > sizeof line->bytes) return;
    char *at = line->bytes + line->size;
    if (point < 0x80) {
        at[0] = (char)point;
        line->size += 1;
    } else if (point < 0x800) {
        at[0] = (char)(0xc0 | point >> 6);
        at[1] = (char)(0x80 | (point & 0x3f));
        line->size += 2;
    } else if (point < 0x10000) {
        at[0] = (char)(0xe0 | point >> 12);
        at[1] = (char)(0x80 | (point >> 6 & 0x3f));
        at[2] = (char)(0x80 | (point & 0x3f));
        line->size += 3;
    } else {
        at[0] = (char)(0xf0 | point >> 18);
        at[1] = (char)(0x80 | (point >> 12 & 0x3f));
        at[2] = (char)(0x80 | (point >> 6 & 0x3f));
        at[3] = (char)(0x80 | (point & 0x3f));
        line->size += 4;
    }
}

static void write_part(Line *line, Text *text, Py_ssize_t first, Py_ssize_t last)
{
    for (Py_ssize_t at = first; at < last; at++) {
        const unsigned char byte = text->bytes[at];
        if (byte > ' ' && byte < 128 && line->size < sizeof line->bytes) {
            line->bytes[line->size++] = (char)byte; /* as nearly always */
            line->after_space = 0;
        } else {
            write_point(line, point_at(text, at));
        }
    }
}

/* Write the text from `begin` to `end` with signs around its matches; return which words are seen. */
static uint64_t write_lines(Line *line, Text *text, const Matches *matches, Py_ssize_t begin,
                            Py_ssize_t end)
{
    uint64_t seen = 0;
    Py_ssize_t at = begin;
    int open = 0; /* a mark, that goes on where the next match follows at once: c++20 */
    for (Py_ssize_t i = 0; i < matches->count; i++) {
        const Match *match = &matches->all[i];
        if (match->start < begin || match->end > end) continue;
        seen |= (uint64_t)1 << match->which;
        if (!open || match->start != at) {
            if (open) write_point(line, 1);
            write_part(line, text, at, match->start);
            write_point(line, 0);
        }
        write_part(line, text, match->start, match->end);
        at = match->end;
        open = 1;
    }
    if (open) write_point(line, 1);
    write_part(line, text, at, end);
    return seen;
}

/* Return (line, which words are seen in it) of a text, whose matches are at least one. */
static PyObject *cut_line(Text *text, const Matches *matches)
{
    Py_ssize_t last = 1;
    const Py_ssize_t first = best_window(matches, &last);
    const Py_ssize_t start = matches->all[first].start, until = matches->all[last - 1].end;
    const Py_ssize_t length = text->length < SCANNED ? text->length : SCANNED;
    if (matches->all[matches->count - 1].end > length)
        return PyErr_SetString(PyExc_ValueError, "a word beyond its text"), NULL;
    const Py_ssize_t floor = start > LEAD ? start - LEAD : 0;
    const Py_ssize_t begin = floor ? start_of_lines(text, floor, start) : 0;
    Py_ssize_t end = begin + WIDTH;
    end = end < length ? end_of_lines(text, end, until) : length;
    Line line = {.size = 0, .after_space = 0};
    const char *dots = "\xe2\x80\xa6"; /* … */
    if (begin) {
        memcpy(line.bytes, dots, 3);
        line.bytes[3] = ' ';
        line.size = 4;
    }
    const uint64_t seen = write_lines(&line, text, matches, begin, end);
    if (end < length && line.size + 4 <= sizeof line.bytes) {
        line.bytes[line.size] = ' ';
        memcpy(line.bytes + line.size + 1, dots, 3);
        line.size += 4;
    }
    size_t from = 0;
    while (from < line.size && line.bytes[from] == ' ') from++;
    while (line.size > from && line.bytes[line.size - 1] == ' ') line.size--;
    PyObject *shown =
        PyUnicode_DecodeUTF8(line.bytes + from, (Py_ssize_t)(line.size - from), "surrogatepass");
    return shown ? Py_BuildValue("NK", shown, (unsigned long long)seen) : NULL;
}

/* Read a list of numbers, at least `count` of them. */
static int read_numbers(PyObject *list, Py_ssize_t count, Py_ssize_t *numbers)
{
    if (!list || !PyList_Check(list) || PyList_Size(list) < count) return 0;
    for (Py_ssize_t i = 0; i < count; i++) numbers[i] = PyLong_AsSsize_t(PyList_GetItem(list, i));
    return !PyErr_Occurred();
}

/* cut_lines(packed, words, bounds, word_bounds, cuts, roots, known, ask) -> [(line, seen) | None]
 *
 * Of text i the bytes stand from bounds[i][0] to [1], its other characters from there to [2], the
 * numbers of its words from word_bounds[i][0] to [1]; where cuts[i] is 0, it is passed over.
 */
FUNCTION(cut_lines)
{
    (void)self;
    Held held = {.count = 0};
    if (!needs(given, 8)) return NULL;
    Py_ssize_t size = -1, words_size = -1;
    const unsigned char *packed = hold(&held, args[0], 1, READ, &size);
    const unsigned char *words = packed ? hold(&held, args[1], 1, READ, &words_size) : NULL;
    if (!words || !PyList_Check(args[2]) || !PyList_Check(args[3]) || !PyBytes_Check(args[4]) ||
        !PyList_Check(args[5]) || !PyDict_Check(args[6]) ||
        PyList_Size(args[3]) != PyList_Size(args[2]) ||
        PyBytes_Size(args[4]) != PyList_Size(args[2]) || PyList_Size(args[5]) > 1000)
        return fail(&held, "cut_lines takes lists of as many texts"), NULL;
    const char *cuts = PyBytes_AsString(args[4]);
    const int root_count = (int)PyList_Size(args[5]);
    Matches matches = {NULL, 0, 0};
    uint64_t *numbers = NULL;
    PyObject *made = NULL;
    Root *roots = malloc(((size_t)root_count + 1) * sizeof *roots);
    if (!roots) goto failed;
    for (int i = 0; i < root_count; i++) {
        unsigned long long value;
        if (!PyArg_ParseTuple(PyList_GetItem(args[5], i), "iK", &roots[i].shift, &value) ||
            roots[i].shift < 0 || roots[i].shift > 63)
            goto failed;
        roots[i].value = value;
    }
    made = PyList_New(PyList_Size(args[2]));
    for (Py_ssize_t i = 0; made && i < PyList_Size(args[2]); i++) {
        Py_ssize_t bounds[3] = {0}, word_bounds[2] = {0};
        PyObject *line = NULL;
        if (cuts[i]) {
            if (!read_numbers(PyList_GetItem(args[2], i), 3, bounds) ||
                !read_numbers(PyList_GetItem(args[3], i), 2, word_bounds) || bounds[0] < 0 ||
                bounds[1] < bounds[0] || bounds[2] < bounds[1] || bounds[2] > size ||
                word_bounds[0] < 0 || word_bounds[1] < word_bounds[0] ||
                word_bounds[1] > words_size / 8)
                goto failed;
            const Py_ssize_t count = word_bounds[1] - word_bounds[0];
            uint64_t *more = realloc(numbers, ((size_t)count + 1) * sizeof *numbers);
            if (!more) goto failed;
            numbers = more; /* a copy stands where numbers of eight bytes must */
            memcpy(numbers, words + 8 * word_bounds[0], (size_t)count * sizeof *numbers);
            Text text = {.bytes = packed + bounds[0], .length = bounds[1] - bounds[0],
                         .others = packed + bounds[1], .others_size = bounds[2] - bounds[1],
                         .is_read = 0};
            if (!find_matches(numbers, count, roots, root_count, args[6], args[7], i, &text,
                              &matches))
                goto failed;
            if (matches.count && !(line = cut_line(&text, &matches))) goto failed;
        }
        if (PyList_SetItem(made, i, line ? line : Py_NewRef(Py_None)) < 0) Py_CLEAR(made);
    }
    free(roots);
    free(numbers);
    free(matches.all);
    let_go(&held);
    return made;
failed:
    free(roots);
    free(numbers);
    free(matches.all);
    Py_XDECREF(made);
    return fail(&held, "cut_lines: a text or a word that cannot be"), NULL;
}
