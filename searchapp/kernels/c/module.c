/* The innermost loops of an answer, each one step over whole arrays: what plain.py says by numpy.
 *
 * compiled.py -> buffers and plain numbers -> a loop -> buffers that the caller made
 *
 * numpy takes five to ten steps for each, and makes an array in each of them.
 */

#include "kernels.h"

#define VERSION 1 /* that of compiled.py: raise both where a function takes or gives something else */

#define ENTRY(name) {#name, (PyCFunction)(void (*)(void))name, METH_FASTCALL, NULL}

static PyMethodDef functions[] = {
    ENTRY(gather),
    ENTRY(presence),
    ENTRY(having),
    ENTRY(either),
    ENTRY(rank_words),
    ENTRY(find_texts),
    ENTRY(cut_lines),
    ENTRY(best),
    ENTRY(mark),
    ENTRY(follow),
    ENTRY(count_bits),
    ENTRY(count_codes),
    ENTRY(commonest),
    ENTRY(read_records),
    ENTRY(end_tuples),
    ENTRY(name_counted),
    ENTRY(present),
    ENTRY(titled),
    {NULL, NULL, 0, NULL},
};

static int tell_version(PyObject *module)
{
    return PyModule_AddIntConstant(module, "VERSION", VERSION);
}

static struct PyModuleDef_Slot slots[] = {
    {Py_mod_exec, (void *)tell_version},
    {0, NULL},
};

static struct PyModuleDef module = {
    PyModuleDef_HEAD_INIT, "searchapp.kernels._compiled", NULL, 0, functions,
    slots, NULL, NULL, NULL,
};

PyMODINIT_FUNC PyInit__compiled(void)
{
    return PyModuleDef_Init(&module);
}
