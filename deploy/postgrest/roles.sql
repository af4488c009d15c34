-- The roles of PostgREST: run once, as a superuser. The login inherits nothing: it has only what the
-- role has that a token names, which it takes for each request.
create role authenticator login noinherit;
create role web_user nologin;
grant bss_app to web_user;
grant web_user to authenticator;
