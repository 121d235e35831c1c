/* Arrays as C sees them: buffers that are held, checked, and let go. */

#include "kernels.h"

void let_go(Held *held)
{
    while (held->count) PyBuffer_Release(&held->views[--held->count]);
}

int fail(Held *held, const char *why)
{
    if (!PyErr_Occurred()) PyErr_SetString(PyExc_ValueError, why);
    let_go(held);
    return -1;
}

/* Return the contiguous buffer of `object`, whose elements have `width` bytes, 0 for any. */
Py_buffer *hold_any(Held *held, PyObject *object, Py_ssize_t width, Use use)
{
    if (held->count == MOST_VIEWS) {
        PyErr_SetString(PyExc_ValueError, "too many arrays in one call");
        return NULL;
    }
    Py_buffer *view = &held->views[held->count];
    if (PyObject_GetBuffer(object, view, PyBUF_ND | (int)use) < 0) return NULL;
    held->count++;
    if (width && view->itemsize != width) {
        PyErr_Format(PyExc_ValueError, "an array's elements have %zd bytes, not %zd",
                     view->itemsize, width);
        return NULL;
    }
    return view;
}

void *hold(Held *held, PyObject *object, Py_ssize_t width, Use use, Py_ssize_t *length)
{
    Py_buffer *view = hold_any(held, object, width, use);
    if (!view) return NULL;
    Py_ssize_t count = view->len / view->itemsize;
    if (*length >= 0 && count < *length) {
        PyErr_Format(PyExc_ValueError, "an array has %zd elements, not %zd", count, *length);
        return NULL;
    }
    if (*length < 0) *length = count; /* else it is what the loop takes, however long this one is */
    return view->buf;
}

int needs(Py_ssize_t given, Py_ssize_t wanted)
{
    if (given == wanted) return 1;
    PyErr_Format(PyExc_TypeError, "%zd arguments, not %zd", given, wanted);
    return 0;
}

/* Read the bounds of one of `spans`, both within `length`. */
int read_span(PyObject *spans, Py_ssize_t at, Py_ssize_t length, Py_ssize_t *first,
                     Py_ssize_t *last)
{
    PyObject *span = PyList_GetItem(spans, at);
    if (!span || !PyTuple_Check(span) || PyTuple_Size(span) != 2) {
        PyErr_SetString(PyExc_ValueError, "a span is a pair of numbers");
        return 0;
    }
    *first = PyLong_AsSsize_t(PyTuple_GetItem(span, 0));
    *last = PyLong_AsSsize_t(PyTuple_GetItem(span, 1));
    if (PyErr_Occurred()) return 0;
    if (*first < 0 || *last < *first || *last > length) {
        PyErr_Format(PyExc_ValueError, "span %zd to %zd of %zd", *first, *last, length);
        return 0;
    }
    return 1;
}

/* Return the buffer of numbers without sign, of 1, 2 or 4 bytes. */
Py_buffer *hold_numbers(Held *held, PyObject *object)
{
    Py_buffer *view = hold_any(held, object, 0, READ);
    if (!view || view->itemsize == 1 || view->itemsize == 2 || view->itemsize == 4) return view;
    PyErr_Format(PyExc_ValueError, "numbers of %zd bytes, not of 1, 2 or 4", view->itemsize);
    return NULL;
}
