# SPDX-License-Identifier: Apache-2.0
"""Decides the statements that link the staged rows; each refuses only rows that nothing refused before.

``_rid`` numbers every row read; ``_hkey``, ``_ukey`` and ``pkey`` are the keys of its household, of itself
and of its person. In a key chr(31) stands between columns and chr(30) between household and row.
Names that meet those of facts begin with a line, which the name of no fact does.
"""

from __future__ import annotations

FIND_BY_PERSON = """
update rows set _hkey = found._hkey, pkey = found._ukey from (
    select r.okey, any_value(r._hkey) as _hkey, any_value(r._ukey) as _ukey
    from rows r join entries e on e.number = r.entry and e.level = 'person' and e.lists
    where r._ukey is not null group by r.okey having count(*) = 1
) found
where rows.okey = found.okey
  and rows.entry in (select number from entries where finds_by_person)
"""

HOUSEHOLDS = """
create table households as
select r._hkey, min(r._rid) as _rid
from rows r join entries e on e.number = r.entry
where e.level = 'household' and e.lists and r._hkey is not null
group by r._hkey
"""

MERGED = """
create table merged as
select r._rid
from rows r join entries e on e.number = r.entry join households h on h._hkey = r._hkey
where e.repeated and r._rid <> h._rid
  and (select entry from rows lead where lead._rid = h._rid) = r.entry
"""

COPIES = """
create temp table copies as
with marked as (
    select r._rid, r._ukey, r.file, r.line, e.level, case when e.lists then -1 else e.number end as entry
    from rows r join entries e on e.number = r.entry
    where r._ukey is not null and r._rid not in (select _rid from merged)
), twice as (
    select level, entry, _ukey, count(*) as n from marked group by all having count(*) > 1
), placed as (
    select m.*, t.n, row_number() over (partition by m.level, m.entry, m._ukey order by m._rid) as place
    from marked m join twice t on t.level = m.level and t.entry = m.entry and t._ukey = m._ukey
)
select p.level, p.entry, p._ukey, any_value(p.n) as n,
       string_agg(f.name || ' line ' || p.line, ', ' order by p._rid) as places
from placed p join files f on f.file = p.file
where p.place <= 3
group by p.level, p.entry, p._ukey
"""

REFUSE_COPIES = """
insert into refused
select r._rid, r.entry, r.file, r.line, '', translate(r._ukey, chr(31) || chr(30), '||'),
       replace(replace($message, '{count}', c.n::varchar), '{places}', c.places), $kind
from rows r join entries e on e.number = r.entry
join copies c on c._ukey = r._ukey and c.level = e.level
             and c.entry = case when e.lists then -1 else e.number end
where r._rid not in (select _rid from refused where _rid is not null)
  and r._rid not in (select _rid from merged)
"""

REFUSE_ORPHANS = """
insert into refused
select r._rid, r.entry, r.file, r.line, '',
       translate(coalesce(r._hkey, r.okey, ''), chr(31) || chr(30), '||'),
       replace($message, '{owner}', case when r._hkey is null then 'person' else 'household' end), $kind
from rows r join entries e on e.number = r.entry
where e.level <> 'area' and not (e.level = 'household' and e.lists)
  and r._rid not in (select _rid from refused where _rid is not null)
  and (r._hkey is null or r._hkey not in (select _hkey from households))
"""

REFUSE_ORPHANS_OF_PERSONS = """
insert into refused
select r._rid, r.entry, r.file, r.line, '', translate(coalesce(r.pkey, r._ukey), chr(31) || chr(30), '||'),
       replace($message, '{owner}', 'person'), $kind
from rows r join entries e on e.number = r.entry
where e.owner = 'person'
  and r._rid not in (select _rid from refused where _rid is not null)
  and coalesce(r.pkey, r._ukey) not in (
      select p._ukey from rows p join entries pe on pe.number = p.entry
      where pe.level = 'person' and pe.lists and p._ukey is not null)
"""

REFUSE_UNJOINED = """
insert into refused
select r._rid, r.entry, r.file, r.line, '', translate(r._ukey, chr(31) || chr(30), '||'),
       replace($message, '{files}', j.files), $kind
from rows r join entries e on e.number = r.entry and e.lists
join entries j on j.level = e.level and not j.lists and j.required
where r._rid not in (select _rid from refused where _rid is not null)
  and r._rid not in (select _rid from merged)
  and not exists (select 1 from rows o where o.entry = j.number and o._ukey = r._ukey)
qualify row_number() over (partition by r._rid order by j.number) = 1
"""

REFUSE_INCOMPLETE = """
insert into refused
select r._rid, r.entry, r.file, r.line, '', translate(r._hkey, chr(31) || chr(30), '||'),
       replace(replace($message, '{place}', first.place), '{reason}', first.reason), $kind
from households h join rows r on r._rid = h._rid
join (
    select m._hkey, arg_min(f.name || ' line ' || m.line, m._rid) as place,
           arg_min(x.reason, m._rid) as reason
    from refused x join rows m on m._rid = x._rid join files f on f.file = m.file
    where m._hkey is not null
    group by m._hkey
) first on first._hkey = h._hkey
where h._rid not in (select _rid from refused where _rid is not null)
"""

REFUSE_DISAGREEING = """
insert into refused
select r._rid, r.entry, r.file, r.line, '', translate(r._hkey, chr(31) || chr(30), '||'),
       replace(replace($message, '{count}', d.n::varchar), '{columns}', d.columns), $kind
from rows r join entries e on e.number = r.entry and e.repeated
join disagreeing d on d._hkey = r._hkey
where r._rid not in (select _rid from refused where _rid is not null)
"""

SOUND = """
create or replace temp table sound as
select r._rid, r._hkey, r.entry, e.level, r.head
from rows r join entries e on e.number = r.entry and e.lists
where r._rid not in (select _rid from refused where _rid is not null)
  and r._rid not in (select _rid from merged)
"""

REFUSE_BY_COUNT = """
insert into refused
select r._rid, r.entry, r.file, r.line, '', translate(r._hkey, chr(31) || chr(30), '||'),
       replace($message, '{count}', coalesce(c.n, 0)::varchar), $kind
from households h join rows r on r._rid = h._rid
left join (
    select _hkey, count(*) filter ($heads::boolean is null or head = $heads::boolean) as n
    from sound where level = $level group by _hkey
) c on c._hkey = h._hkey
where h._rid not in (select _rid from refused where _rid is not null)
  and not coalesce(c.n, 0) between $least and $most
"""

REFUSE_BY_SIZE = """
insert into refused
select r._rid, r.entry, r.file, r.line, '', translate(r._hkey, chr(31) || chr(30), '||'),
       replace(replace($message, '{count}', coalesce(c.n, 0)::varchar), '{declared}', d.size::varchar),
       $kind
from households h join rows r on r._rid = h._rid join declared d on d._hkey = h._hkey
left join (select _hkey, count(*) as n from sound where level = 'person' group by _hkey) c
    on c._hkey = h._hkey
where h._rid not in (select _rid from refused where _rid is not null)
  and d.size is not null and d.size <> coalesce(c.n, 0)
"""

REFUSE_AREAS = """
insert into refused
select r._rid, r.entry, r.file, r.line, '', w.code, replace($message, '{area}', w.code), $kind
from rows r join entries e on e.number = r.entry
join (
    select path, any_value(code) as code from area_steps
    where code in (
        select code from area_steps group by code
        having count(distinct coalesce(parent, '')) > 1 or count(distinct depth) > 1)
    group by path
) w on w.path = r.path
where r._rid not in (select _rid from refused where _rid is not null)
"""

REFUSE_WITH_PERSON = """
insert into refused
select r._rid, r.entry, r.file, r.line, '', translate(coalesce(r.pkey, r._ukey), chr(31) || chr(30), '||'),
       replace(replace($message, '{place}', f.name || ' line ' || p.line), '{reason}', x.reason),
       $kind
from rows r join entries e on e.number = r.entry and e.owner = 'person'
join rows p on p._ukey = coalesce(r.pkey, r._ukey) and p._rid <> r._rid
join entries pe on pe.number = p.entry and pe.level = 'person' and pe.lists
join refused x on x._rid = p._rid join files f on f.file = p.file
where r._rid not in (select _rid from refused where _rid is not null)
qualify row_number() over (partition by r._rid order by p._rid) = 1
"""

REFUSE_WITH_HOUSEHOLD = """
insert into refused
select r._rid, r.entry, r.file, r.line, '', translate(r._hkey, chr(31) || chr(30), '||'),
       case when x.kind = $member then x.reason else
           replace(replace($message, '{place}', f.name || ' line ' || x.line), '{reason}', x.reason) end,
       case when x.kind = $member then x.kind else $kind end
from rows r join households h on h._hkey = r._hkey join refused x on x._rid = h._rid
join files f on f.file = x.file
where r._rid not in (select _rid from refused where _rid is not null)
"""


DISAGREEING = """
select r._hkey, f.* exclude (_rid)
from rows r join household_facts f on f._rid = r._rid join entries e on e.number = r.entry and e.repeated
where r._hkey in (
    select _hkey from rows where signature is not null
    group by _hkey having count(distinct signature) > 1)
"""

DECLARED = """
create table declared as
select r._hkey, max(d.size) as size from declared_rows d join rows r on r._rid = d._rid group by r._hkey
"""
