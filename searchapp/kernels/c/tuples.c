/* What was read or counted to the named tuples that an answer is made of. */

#include "kernels.h"

/* Return a new instance of `class`, a named tuple, with room for `size` fields.
 *
 * All that is put in is immutable and there before, so it can be in no circle: the collector need
 * not go through thousands of such in each answer that is kept.
 */
static PyObject *new_tuple(PyObject *class, Py_ssize_t size)
{
    if (!PyType_Check(class) || !PyType_IsSubtype((PyTypeObject *)class, &PyTuple_Type)) {
        PyErr_SetString(PyExc_TypeError, "a named tuple's class is wanted");
        return NULL;
    }
    const allocfunc allocate = (allocfunc)PyType_GetSlot((PyTypeObject *)class, Py_tp_alloc);
    PyObject *made = allocate((PyTypeObject *)class, size);
    if (made) PyObject_GC_UnTrack(made);
    return made;
}

/* Put what a function made into a field, and tell whether it made anything. */
static int put(PyObject *tuple, Py_ssize_t at, PyObject *made)
{
    return made && PyTuple_SetItem(tuple, at, made) == 0;
}

/* Return a list as an instance of `class`. */
static PyObject *as_named(PyObject *list, PyObject *class)
{
    if (!PyList_Check(list)) return PyErr_SetString(PyExc_ValueError, "a list is wanted"), NULL;
    const Py_ssize_t size = PyList_Size(list);
    PyObject *made = new_tuple(class, size);
    for (Py_ssize_t i = 0; made && i < size; i++)
        if (!put(made, i, Py_NewRef(PyList_GetItem(list, i)))) Py_CLEAR(made);
    return made;
}

/* Return a list of lists as a tuple of instances of `class`. */
static PyObject *as_named_each(PyObject *lists, PyObject *class)
{
    if (!PyList_Check(lists)) return PyErr_SetString(PyExc_ValueError, "a list is wanted"), NULL;
    const Py_ssize_t size = PyList_Size(lists);
    PyObject *made = PyTuple_New(size);
    if (size && made) PyObject_GC_UnTrack(made);
    for (Py_ssize_t i = 0; made && i < size; i++)
        if (!put(made, i, as_named(PyList_GetItem(lists, i), class))) Py_CLEAR(made);
    return made;
}

static PyObject *read_field(PyObject *field, char kind, PyObject *one, PyObject *each)
{
    switch (kind) {
    case 't': return PyList_AsTuple(field);
    case '1': return field == Py_None ? Py_NewRef(field) : as_named(field, one);
    case 'n': return as_named_each(field, each);
    default: return Py_NewRef(field);
    }
}

/* read_tuples(lists, class, kinds, one, each, rest) -> [an instance of class, ...] */
FUNCTION(read_tuples)
{
    (void)self;
    if (!needs(given, 6)) return NULL;
    const char *kinds = PyBytes_AsString(args[2]);
    if (!kinds || !PyList_Check(args[0]) || !PyTuple_Check(args[5]))
        return PyErr_SetString(PyExc_TypeError, "read_tuples takes lists and a tuple"), NULL;
    const Py_ssize_t count = PyList_Size(args[0]), stored = PyBytes_Size(args[2]);
    const Py_ssize_t rest = PyTuple_Size(args[5]);
    PyObject *made = PyList_New(count);
    for (Py_ssize_t i = 0; made && i < count; i++) {
        PyObject *fields = PyList_GetItem(args[0], i);
        if (!PyList_Check(fields) || PyList_Size(fields) != stored) {
            PyErr_Format(PyExc_ValueError, "a record has not %zd fields", stored);
            return Py_DecRef(made), NULL;
        }
        PyObject *tuple = new_tuple(args[1], stored + rest);
        for (Py_ssize_t at = 0; tuple && at < stored; at++)
            if (!put(tuple, at, read_field(PyList_GetItem(fields, at), kinds[at], args[3], args[4])))
                Py_CLEAR(tuple);
        for (Py_ssize_t at = 0; tuple && at < rest; at++)
            if (!put(tuple, stored + at, Py_NewRef(PyTuple_GetItem(args[5], at)))) Py_CLEAR(tuple);
        if (!tuple || PyList_SetItem(made, i, tuple) < 0) Py_CLEAR(made);
    }
    return made;
}

/* end_tuples(class, heads, kept, ends) -> (an instance of class for each head, ...) */
FUNCTION(end_tuples)
{
    (void)self;
    if (!needs(given, 4)) return NULL;
    const Py_ssize_t kept = PyLong_AsSsize_t(args[2]);
    if (PyErr_Occurred() || !PyList_Check(args[1]) || !PyList_Check(args[3]) ||
        PyList_Size(args[3]) < PyList_Size(args[1]))
        return PyErr_SetString(PyExc_TypeError, "end_tuples takes two lists"), NULL;
    const Py_ssize_t count = PyList_Size(args[1]);
    PyObject *made = PyTuple_New(count);
    for (Py_ssize_t i = 0; made && i < count; i++) {
        PyObject *head = PyList_GetItem(args[1], i), *end = PyList_GetItem(args[3], i);
        if (!PyTuple_Check(head) || !PyTuple_Check(end) || kept > PyTuple_Size(head) || kept < 0) {
            PyErr_SetString(PyExc_ValueError, "a head or an end is no tuple, or too short");
            return Py_DecRef(made), NULL;
        }
        const Py_ssize_t more = PyTuple_Size(end);
        PyObject *tuple = new_tuple(args[0], kept + more);
        for (Py_ssize_t at = 0; tuple && at < kept + more; at++) {
            PyObject *field = at < kept ? PyTuple_GetItem(head, at) : PyTuple_GetItem(end, at - kept);
            if (!put(tuple, at, Py_NewRef(field))) Py_CLEAR(tuple);
        }
        if (!tuple || PyTuple_SetItem(made, i, tuple) < 0) Py_CLEAR(made);
    }
    return made;
}

/* name_counted(class, names, counted) -> [an instance of class for each, ...] */
FUNCTION(name_counted)
{
    (void)self;
    if (!needs(given, 3)) return NULL;
    if (!PyList_Check(args[1]) || !PyList_Check(args[2]))
        return PyErr_SetString(PyExc_TypeError, "name_counted takes two lists"), NULL;
    const Py_ssize_t count = PyList_Size(args[2]), names = PyList_Size(args[1]);
    PyObject *made = PyList_New(count);
    for (Py_ssize_t i = 0; made && i < count; i++) {
        PyObject *pair = PyList_GetItem(args[2], i);
        const Py_ssize_t place =
            PyTuple_Check(pair) ? PyLong_AsSsize_t(PyTuple_GetItem(pair, 0)) : -1;
        PyObject *name = place >= 0 && place < names ? PyList_GetItem(args[1], place) : NULL;
        if (!name || PyTuple_Size(name) != 2) {
            if (!PyErr_Occurred()) PyErr_Format(PyExc_ValueError, "place %zd of %zd", place, names);
            return Py_DecRef(made), NULL;
        }
        PyObject *value = new_tuple(args[0], 5);
        if (!value || !put(value, 0, Py_NewRef(PyTuple_GetItem(name, 0))) ||
            !put(value, 1, Py_NewRef(PyTuple_GetItem(name, 1))) ||
            !put(value, 2, Py_NewRef(PyTuple_GetItem(pair, 1))) ||
            !put(value, 3, Py_NewRef(Py_False)) || !put(value, 4, Py_NewRef(Py_False)))
            Py_CLEAR(value);
        if (!value || PyList_SetItem(made, i, value) < 0) Py_CLEAR(made);
    }
    return made;
}
