/* What was read or counted to the named tuples that an answer is made of. */

#include "kernels.h"

/* Return a new instance of `class`, a named tuple, with room for `size` fields.
 *
 * All that is put in is immutable and there before, so it can be in no circle: the collector need
 * not go through thousands of such in each answer that is kept.
 */
PyObject *new_tuple(PyObject *class, Py_ssize_t size)
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
int put(PyObject *tuple, Py_ssize_t at, PyObject *made)
{
    return made && PyTuple_SetItem(tuple, at, made) == 0;
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
        if (!name || !PyTuple_Check(name) || PyTuple_Size(name) != 2 || PyTuple_Size(pair) != 2) {
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
