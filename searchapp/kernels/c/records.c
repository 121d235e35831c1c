/* Records to hits: the JSON that records.py writes, read straight into named tuples.
 *
 * It is ASCII without white space. Texts that come again, as a title does in each of its places,
 * are made once.
 */

#include "kernels.h"

enum { KNOWN = 128, FEW = 24, DEEPEST = 8 };

typedef struct {
    const char *text;
    Py_ssize_t size;
    PyObject *made;
} Known;

typedef struct {
    const char *at, *end;
    int depth;
    Known known[KNOWN];
} Reader;

static PyObject *refuse(const char *why)
{
    if (!PyErr_Occurred()) PyErr_SetString(PyExc_ValueError, why);
    return NULL;
}

static int takes(Reader *reader, char sign)
{
    if (reader->at == reader->end || *reader->at != sign) return 0;
    reader->at++;
    return 1;
}

/* Read four hexadecimal digits; -1 where they are none. */
static int32_t read_hex(Reader *reader)
{
    int32_t point = 0;
    if (reader->end - reader->at < 4) return -1;
    for (int i = 0; i < 4; i++) {
        const char sign = *reader->at++;
        const int digit = sign >= '0' && sign <= '9'   ? sign - '0'
                          : sign >= 'a' && sign <= 'f' ? sign - 'a' + 10
                          : sign >= 'A' && sign <= 'F' ? sign - 'A' + 10
                                                       : -1;
        if (digit < 0) return -1;
        point = point << 4 | digit;
    }
    return point;
}

/* Write what stands behind a backslash as UTF-8, and return what is behind that; NULL: nothing can. */
static char *read_escaped(Reader *reader, char *to)
{
    static const char signs[] = "\"\\/bfnrt", meant[] = "\"\\/\b\f\n\r\t";
    if (reader->at == reader->end) return NULL;
    const char sign = *reader->at++;
    const char *found = sign ? strchr(signs, sign) : NULL;
    if (found) return *to++ = meant[found - signs], to;
    int32_t point = sign == 'u' ? read_hex(reader) : -1;
    if (point < 0) return NULL;
    if (point >= 0xd800 && point < 0xdc00 && reader->end - reader->at >= 6 &&
        reader->at[0] == '\\' && reader->at[1] == 'u') {
        const char *before = reader->at;
        reader->at += 2;
        const int32_t low = read_hex(reader);
        if (low >= 0xdc00 && low < 0xe000)
            point = 0x10000 + ((point - 0xd800) << 10) + (low - 0xdc00);
        else
            reader->at = before; /* one that stands alone, as in a path */
    }
    if (point < 0x80) return *to++ = (char)point, to;
    if (point < 0x800) {
        *to++ = (char)(0xc0 | point >> 6);
    } else {
        if (point < 0x10000) {
            *to++ = (char)(0xe0 | point >> 12);
        } else {
            *to++ = (char)(0xf0 | point >> 18);
            *to++ = (char)(0x80 | (point >> 12 & 0x3f));
        }
        *to++ = (char)(0x80 | (point >> 6 & 0x3f));
    }
    *to++ = (char)(0x80 | (point & 0x3f));
    return to;
}

/* Read the rest of a text in which something is escaped. */
static PyObject *read_with_escapes(Reader *reader, const char *start)
{
    char *text = malloc((size_t)(reader->end - start) + 4); /* no text is longer than its JSON */
    char *to = text;
    if (!text) return PyErr_NoMemory();
    for (reader->at = start; to && reader->at < reader->end && *reader->at != '"';) {
        if (*reader->at == '\\') {
            reader->at++;
            to = read_escaped(reader, to);
        } else {
            *to++ = *reader->at++;
        }
    }
    PyObject *made = to && takes(reader, '"')
                         ? PyUnicode_DecodeUTF8(text, (Py_ssize_t)(to - text), "surrogatepass")
                         : refuse("a record's text does not end");
    free(text);
    return made;
}

static PyObject *read_text(Reader *reader)
{
    const char *start = reader->at, *at = start;
    while (at < reader->end && *at != '"' && *at != '\\') at++;
    if (at == reader->end) return refuse("a record's text does not end");
    if (*at == '\\') return read_with_escapes(reader, start);
    const Py_ssize_t size = (Py_ssize_t)(at - start);
    reader->at = at + 1;
    if (!size) return PyUnicode_DecodeASCII("", 0, NULL);
    const size_t place = ((size_t)size * 31 + (unsigned char)start[size / 2] * 7u +
                          (unsigned char)start[size - 1] * 13u) % KNOWN;
    Known *known = &reader->known[place];
    if (known->made && known->size == size && !memcmp(known->text, start, (size_t)size))
        return Py_NewRef(known->made);
    PyObject *made = PyUnicode_DecodeASCII(start, size, NULL);
    if (made) {
        Py_XDECREF(known->made);
        *known = (Known){start, size, Py_NewRef(made)};
    }
    return made;
}

static PyObject *read_number(Reader *reader)
{
    const char *start = reader->at;
    int is_whole = 1;
    while (reader->at < reader->end && *reader->at && strchr("+-.0123456789eE", *reader->at)) {
        is_whole &= *reader->at != '.' && *reader->at != 'e' && *reader->at != 'E';
        reader->at++;
    }
    const size_t size = (size_t)(reader->at - start);
    char digits[32];
    if (!size || size >= sizeof digits) return refuse("a record has something that is no value");
    memcpy(digits, start, size);
    digits[size] = 0;
    if (is_whole) return PyLong_FromString(digits, NULL, 10);
    const double number = PyOS_string_to_double(digits, NULL, NULL);
    return PyErr_Occurred() ? NULL : PyFloat_FromDouble(number);
}

static PyObject *read_word(Reader *reader, const char *word, PyObject *meant)
{
    const size_t size = strlen(word);
    if ((size_t)(reader->end - reader->at) < size || memcmp(reader->at, word, size))
        return refuse("a record has something that is no value");
    reader->at += size;
    return Py_NewRef(meant);
}

static PyObject *read_list(Reader *reader, PyObject *class, PyObject *of_each);

/* Read a value; a list becomes a tuple. */
static PyObject *read_value(Reader *reader)
{
    if (reader->at == reader->end) return refuse("a record does not end");
    switch (*reader->at) {
    case '"': reader->at++; return read_text(reader);
    case '[': return read_list(reader, NULL, NULL);
    case 'n': return read_word(reader, "null", Py_None);
    case 't': return read_word(reader, "true", Py_True);
    case 'f': return read_word(reader, "false", Py_False);
    default: return read_number(reader);
    }
}

/* Read a list into an instance of `class`, NULL for a plain tuple; its lists into such of `of_each`. */
static PyObject *read_list(Reader *reader, PyObject *class, PyObject *of_each)
{
    PyObject *few[FEW], **values = few, *made = NULL;
    Py_ssize_t count = 0, room = FEW;
    if (reader->depth == DEEPEST || !takes(reader, '[')) return refuse("a record lacks a list");
    reader->depth++;
    int ended = takes(reader, ']');
    while (!ended) {
        if (count == room) {
            PyObject **more = malloc(2 * (size_t)room * sizeof *more);
            if (!more) goto done;
            memcpy(more, values, (size_t)room * sizeof *more);
            if (values != few) free(values);
            values = more;
            room *= 2;
        }
        values[count] = of_each ? read_list(reader, of_each, NULL) : read_value(reader);
        if (!values[count]) goto done;
        count++;
        ended = takes(reader, ']');
        if (!ended && !takes(reader, ',')) goto done;
    }
    made = class ? new_tuple(class, count) : PyTuple_New(count);
    for (Py_ssize_t i = 0; made && i < count; i++) {
        PyTuple_SetItem(made, i, values[i]);
        values[i] = NULL;
    }
    if (made && count && !class) PyObject_GC_UnTrack(made);
done:
    for (Py_ssize_t i = 0; i < count; i++) Py_XDECREF(values[i]);
    if (values != few) free(values);
    reader->depth--;
    return made ? made : refuse("a record's list does not end");
}

static PyObject *read_kind(Reader *reader, char kind, PyObject *one, PyObject *each)
{
    const int is_list = reader->at < reader->end && *reader->at == '[';
    if (is_list && kind == '1') return read_list(reader, one, NULL);
    if (is_list && kind == 'n') return read_list(reader, NULL, each);
    if (kind == 't' || kind == 'n') return is_list ? read_value(reader) : refuse("no list");
    return read_value(reader);
}

static PyObject *read_record(Reader *reader, PyObject *class, const char *kinds, Py_ssize_t stored,
                             PyObject *one, PyObject *each, PyObject *rest)
{
    const Py_ssize_t more = PyTuple_Size(rest);
    if (!takes(reader, '[')) return refuse("a record is no list");
    PyObject *made = new_tuple(class, stored + more);
    for (Py_ssize_t at = 0; made && at < stored; at++)
        if ((at && !takes(reader, ',')) || !put(made, at, read_kind(reader, kinds[at], one, each)))
            Py_CLEAR(made);
    for (Py_ssize_t at = 0; made && at < more; at++)
        if (!put(made, stored + at, Py_NewRef(PyTuple_GetItem(rest, at)))) Py_CLEAR(made);
    if (made && (!takes(reader, ']') || reader->at != reader->end)) Py_CLEAR(made);
    return made ? made : refuse("a record has other fields");
}

/* read_records(packed, spans, class, kinds, one, each, rest) -> [an instance of class, ...] */
FUNCTION(read_records)
{
    (void)self;
    Held held = {.count = 0};
    if (!needs(given, 7)) return NULL;
    Py_ssize_t size = -1, first, last;
    const char *kinds = PyBytes_AsString(args[3]);
    const char *packed = kinds ? hold(&held, args[0], 1, READ, &size) : NULL;
    if (!packed || !PyList_Check(args[1]) || !PyTuple_Check(args[6]))
        return fail(&held, "read_records takes records and spans"), NULL;
    Reader reader = {.depth = 0};
    const Py_ssize_t count = PyList_Size(args[1]), stored = PyBytes_Size(args[3]);
    PyObject *made = PyList_New(count);
    for (Py_ssize_t i = 0; made && i < count; i++) {
        PyObject *record = NULL;
        if (read_span(args[1], i, size, &first, &last)) {
            reader.at = packed + first;
            reader.end = packed + last;
            record = read_record(&reader, args[2], kinds, stored, args[4], args[5], args[6]);
        }
        if (!record || PyList_SetItem(made, i, record) < 0) Py_CLEAR(made);
    }
    for (int i = 0; i < KNOWN; i++) Py_XDECREF(reader.known[i].made);
    let_go(&held);
    return made;
}
