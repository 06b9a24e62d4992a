-- When an account last signed in, which the audit trail does not tell for ever; and the last row of
-- the trail that was destroyed, with the instance's signature: what follows begins there.
alter table comptes add column vu_le integer;

update comptes set vu_le = (
    select max(instant) from audit where acteur = comptes.identifiant and action = 'connexion'
);

create table audit_ancre (
    rang      integer primary key,
    empreinte blob not null,
    signature blob not null
) strict;
