-- The compiler's Python: the import hook, the one place that knows plpy, and the door to it.

create or replace function bss_internal.import_compiler(release text)
    returns void
    volatile
    security invoker
    set search_path = pg_catalog, pg_temp
    language plpython3u
as $python$
    if GD.get("bss_release") == release:
        return

    import importlib.abc
    import importlib.machinery
    import sys

    class Modules(importlib.abc.MetaPathFinder, importlib.abc.InspectLoader):
        """Imports the compiler from bss_internal.python_modules, all of it read at once."""

        def __init__(self, rows):
            self.rows = {row["name"]: row for row in rows}

        def find_spec(self, fullname, path=None, target=None):
            if fullname not in self.rows:
                return None
            return importlib.machinery.ModuleSpec(
                fullname, self, origin="bss_internal.python_modules",
                is_package=self.rows[fullname]["is_package"],
            )

        def get_source(self, fullname):
            return self.rows[fullname]["source"]

        def get_code(self, fullname):
            file = fullname.replace(".", "/") + ".py"
            return self.source_to_code(self.get_source(fullname), file)

    finder = Modules(
        plpy.execute("select name, is_package, source from bss_internal.python_modules")
    )
    package = "bss_compiler"
    for name in [n for n in sys.modules if n == package or n.startswith(package + ".")]:
        del sys.modules[name]
    sys.meta_path[:] = [f for f in sys.meta_path if f is not GD.get("bss_finder")]
    sys.meta_path.insert(0, finder)
    GD["bss_finder"] = finder
    GD["bss_release"] = release
$python$;
comment on function bss_internal.import_compiler(text) is
    'Makes the compiler of the given release importable in this session, in place of an older one.';
alter function bss_internal.import_compiler(text) owner to bss_owner;


create or replace function bss_internal.call_compiler(verb text, request text)
    returns text
    volatile strict
    security invoker
    set search_path = pg_catalog, pg_temp
    language plpython3u
as $python$
    from bss_compiler.boundary import answer

    return answer(verb, request)
$python$;
comment on function bss_internal.call_compiler(text, text) is
    'Passes a request to the compiler that this session has imported, and its answer back.';
alter function bss_internal.call_compiler(text, text) owner to bss_owner;


create or replace function bss_internal.python_environment()
    returns jsonb
    volatile
    security invoker
    set search_path = pg_catalog, pg_temp
    language plpython3u
as $python$
    import json
    import sys
    from importlib import metadata

    try:
        jsonschema = metadata.version("jsonschema")
    except metadata.PackageNotFoundError:
        jsonschema = None
    return json.dumps({"version": sys.version.split()[0], "jsonschema": jsonschema})
$python$;
comment on function bss_internal.python_environment() is
    'Says which Python the server runs, and which jsonschema that has; null where it has none.';
alter function bss_internal.python_environment() owner to bss_owner;
