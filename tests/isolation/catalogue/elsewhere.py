"""The numbers that no statement of a client shows: other tests do, or there is nothing to try."""

from tests.isolation.catalogue.entry import Absent, Elsewhere, Unmeasured

INJECTION = "isolation/test_injection.py"
BOMBS = "isolation/test_bombs.py"
SCENES = "isolation/test_scenes.py"
LINT = "sql/lint.sql"

ELSEWHERE = (
    Elsewhere(
        number="B5, B6",
        title="Make what BSS will need, so that an installation takes it over",
        test=f"{SCENES}::test_b5_a_schema_that_somebody_made_before_is_not_taken_over",
    ),
    Elsewhere(
        number="C9",
        title="Execute a prepared statement after the binding was taken back",
        test=f"{SCENES}::test_c9_a_binding_that_is_taken_back_counts_for_no_prepared_statement",
    ),
    Elsewhere(
        number="C12",
        title="Win a race against a policy that looks something up",
        test=f"{LINT}::policy_of_another_form",
    ),
    Elsewhere(
        number="E7",
        title="Read statements of others in pg_stat_statements",
        test=f"{LINT}::role_is_a_member",
    ),
    Elsewhere(
        number="E13",
        title="Have PostgREST describe the tables of others",
        test="isolation/test_postgrest.py::test_the_configuration_is_about_what_there_is",
    ),
    Elsewhere(
        number="F12",
        title="Hold the advisory locks that BSS uses",
        test=f"{SCENES}::test_f12_an_advisory_lock_of_a_tenant_holds_nobody_up",
    ),
    Elsewhere(
        number="I1",
        title="SQL in names",
        test=f"{INJECTION}::test_i1_names_are_names_whatever_they_say",
    ),
    Elsewhere(
        number="I3, I4, I5",
        title="SQL in enums, defaults and patterns",
        test=f"{INJECTION}::test_i3_i4_i5_values_are_values_whatever_they_say",
    ),
    Elsewhere(
        number="I6",
        title="SQL in formats",
        test=f"{INJECTION}::test_i3_i4_i6_values_that_cannot_be_are_refused",
    ),
    Elsewhere(
        number="I7",
        title="References to other places",
        test=f"{INJECTION}::test_i7_references_are_followed_nowhere",
    ),
    Elsewhere(
        number="I9, I10, I12",
        title="Names that mean something to the server",
        test=f"{INJECTION}::test_i9_i10_i12_names_that_mean_something_to_the_server",
    ),
    Elsewhere(
        number="I15",
        title="Bounds that are no numbers",
        test=f"{INJECTION}::test_i15_counts_are_numbers",
    ),
    Elsewhere(
        number="I16",
        title="Dimensions that no vector has",
        test=f"{INJECTION}::test_i16_dimensions_are_those_that_a_vector_can_have",
    ),
    Elsewhere(
        number="I17",
        title="Names of tenants that are those of something else",
        test=f"{INJECTION}::test_i17_tenants_have_names_of_one_form",
    ),
    Elsewhere(
        number="I18",
        title="A change that takes the column that policies are about",
        test=f"{INJECTION}::test_i18_a_change_takes_no_column_that_rows_are_kept_apart_by",
    ),
    Elsewhere(
        number="I20",
        title="SQL in keywords of BSS",
        test=f"{INJECTION}::test_i20_no_key_takes_sql",
    ),
    Elsewhere(
        number="J1, J2",
        title="Patterns that take for ever",
        test=f"{BOMBS}::test_j1_j2_patterns_are_tried_by_the_server_alone_and_in_bounded_time",
    ),
    Elsewhere(
        number="J3",
        title="Depth",
        test=f"{BOMBS}::test_j3_depth_is_counted_before_anything_goes_down",
    ),
    Elsewhere(number="J4", title="Size", test=f"{BOMBS}::test_j4_a_large_document_is_refused"),
    Elsewhere(
        number="J7",
        title="Enums without end",
        test=f"{BOMBS}::test_j7_an_enum_has_no_more_values_than_the_limit",
    ),
    Elsewhere(
        number="J9",
        title="Tables without end",
        test=f"{BOMBS}::test_j9_a_model_has_no_more_tables_than_the_limit",
    ),
    Elsewhere(
        number="J10",
        title="Numbers without end",
        test=f"{BOMBS}::test_j10_numbers_have_no_more_digits_than_the_limit",
    ),
    Elsewhere(
        number="J11",
        title="Types that take all memory",
        test=f"{BOMBS}::test_j11_types_are_those_of_a_list_with_their_bounds",
    ),
    Elsewhere(
        number="K2, K3",
        title="Reach the server's Python by arguments",
        test="law/test_functions.py::test_python_body_is_a_door",
    ),
    Elsewhere(
        number="K7",
        title="Call a function that has a superuser's rights",
        test=f"{LINT}::definer_with_rights_of_a_superuser",
    ),
    Elsewhere(
        number="L1",
        title="Execute what everyone may execute by default",
        test="law/test_privileges.py::test_privileges_are_those_of_the_table",
    ),
    Elsewhere(
        number="M11",
        title="Load a plugin that decodes the changes of all tenants",
        test=f"{LINT}::role_with_an_attribute",
    ),
    Elsewhere(
        number="M12",
        title="Find what is left of a tenant that was dropped",
        test=f"{SCENES}::test_m12_of_a_tenant_that_is_dropped_the_records_of_it_are_left",
    ),
)

ABSENT = (
    Absent(
        number="H2, H3, H4, H7, H8, J12",
        title="Forge events, read or flood those of others",
        reason="BSS sends none yet",
    ),
    Absent(
        number="M3, M4, M5, M8",
        title="Tamper with the archive of a tenant, or find others in it",
        reason="BSS writes none: what is dumped is the whole database, by its superuser",
    ),
    Absent(
        number="M7",
        title="Have a superuser restore a dump that a tenant has written",
        reason="nothing of BSS restores a dump; whoever does so executes what is in it",
    ),
)

UNMEASURED = (
    Unmeasured(number="D9", title="Time how long the server takes"),
    Unmeasured(number="D10", title="Notice deadlocks and failures to serialize"),
    Unmeasured(number="F13", title="Leave a transaction open, so that nothing is cleaned up"),
    Unmeasured(number="J13", title="Keep the server busy with a query without end"),
    Unmeasured(number="J14", title="Use up the connections"),
)
