"""SQL that says whether there is any rule at all, asked together with who somebody is."""

ANY_RULE = (
    "(EXISTS (SELECT 1 FROM platform_recordrule WHERE retired_at IS NULL) "
    "OR EXISTS (SELECT 1 FROM platform_fieldrule WHERE retired_at IS NULL))"
)
