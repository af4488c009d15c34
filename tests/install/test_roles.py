"""Roles belong to the cluster: one that is somebody else's is not taken over."""

import psycopg
import pytest

from bss_loader.exit import Exit, LoaderError
from bss_loader.install import install_into


def test_install_refuses_a_role_with_attributes_of_its_own(spare_cluster: str) -> None:
    with psycopg.connect(spare_cluster, autocommit=True) as superuser:
        superuser.execute("create role bss_app login")
        with pytest.raises(LoaderError) as refused:
            install_into(spare_cluster)
        assert (refused.value.code, refused.value.sqlstate) == (Exit.STATE, "SB905")
        assert refused.value.message == 'role "bss_app" exists with attributes of its own'
        assert "ALTER ROLE bss_app" in refused.value.hint
        superuser.execute("alter role bss_app nologin")
    install_into(spare_cluster)
