"""Templates are compiled into few functions that do little beside joining texts.

    a template --with all that it includes--> one syntax tree --_Compiler--> Python

A page of results shows 1,200 texts, and Jinja's usual way to each is long: an include is a
template with a context of its own that hands on every text, an attribute is looked for in three
ways, and each text becomes a `Markup` before it is joined with others.
"""

from flask.templating import Environment
from jinja2 import nodes
from jinja2.compiler import CodeGenerator, Frame
from jinja2.visitor import NodeTransformer

from searchapp.web.markup import escape_output, escape_text

OF_DICTIONARIES = ("owner/",)  # folders of templates that show what stands in our JSON


class Templates(Environment):
    """Flask's templates, compiled for speed.

    While developing, includes stay as they are, so that a changed one is seen at once.
    """

    escape_text = staticmethod(escape_text)
    escape_output = staticmethod(escape_output)

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        tree = super()._parse(source, name, filename)
        if not self.auto_reload:
            _Includer(self).visit(tree)
        return tree


class _Includer(NodeTransformer):
    """Puts what a template includes in its place, in a scope of its own."""

    def __init__(self, templates: Templates) -> None:
        self._templates = templates

    def visit_Include(self, node: nodes.Include) -> nodes.Node:  # noqa: N802  # Jinja's name
        if not (isinstance(node.template, nodes.Const) and self._templates.loader):
            return node
        name = str(node.template.value)
        source, filename, _ = self._templates.loader.get_source(self._templates, name)
        included = self._templates._parse(source, name, filename)
        return nodes.Scope(included.body, lineno=node.lineno)


class _Compiler(CodeGenerator):
    """Writes what a template does as plainly as it is meant.

    Where Jinja came to compile otherwise, these would not be asked, and its usual way be gone.
    """

    def write_commons(self) -> None:
        """Have what shows a text at hand, in each function: no call is as short as none."""
        super().write_commons()
        self.writeline("escape_text = environment.escape_text")
        self.writeline("escape_output = environment.escape_output")

    def _output_child_pre(self, node, frame, finalize):  # type: ignore[no-untyped-def]
        if frame.eval_ctx.autoescape and not frame.eval_ctx.volatile and finalize.src is None:
            self.write("(escape_text(shown) if type(shown := ")
        else:
            super()._output_child_pre(node, frame, finalize)

    def _output_child_post(self, node, frame, finalize):  # type: ignore[no-untyped-def]
        if frame.eval_ctx.autoescape and not frame.eval_ctx.volatile and finalize.src is None:
            self.write(") is str else escape_output(shown))")
        else:
            super()._output_child_post(node, frame, finalize)

    def visit_Scope(self, node: nodes.Scope, frame: Frame) -> None:  # noqa: N802  # Jinja's name
        """Gather the texts of what was included, and hand them on as one."""
        inside = frame.inner()
        inside.symbols.analyze_node(node)
        self.enter_frame(inside)
        if frame.buffer is None:
            self.buffer(inside)
        self.blockvisit(node.body, inside)
        if frame.buffer is None:
            self.writeline(f"yield concat({inside.buffer})")
        self.leave_frame(inside)

    def visit_Getattr(self, node: nodes.Getattr, frame: Frame) -> None:  # noqa: N802  # Jinja's name
        """Look an attribute up as Python does, which is loud where there is none."""
        if (self.name or "").startswith(OF_DICTIONARIES):
            super().visit_Getattr(node, frame)
            return
        self.write("(")
        self.visit(node.node, frame)
        self.write(f").{node.attr}")


Templates.code_generator_class = _Compiler
