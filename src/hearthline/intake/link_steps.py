# SPDX-License-Identifier: Apache-2.0
"""Decides the statements that link the staged rows; each refuses only rows that nothing refused before.

``rid`` numbers every row read; ``hkey``, ``ukey`` and ``pkey`` are the keys of its household, of itself
and of its person. In a key chr(31) stands between columns and chr(30) between household and row.
"""

from __future__ import annotations

FIND_BY_PERSON = """
update rows set hkey = found.hkey, pkey = found.ukey from (
    select r.okey, any_value(r.hkey) as hkey, any_value(r.ukey) as ukey
    from rows r join entries e on e.number = r.entry and e.level = 'person' and e.lists
    where r.ukey is not null group by r.okey having count(*) = 1
) found
where rows.okey = found.okey
  and rows.entry in (select number from entries where finds_by_person)
"""

HOUSEHOLDS = """
create table households as
select r.hkey, min(r.rid) as rid
from rows r join entries e on e.number = r.entry
where e.level = 'household' and e.lists and r.hkey is not null
group by r.hkey
"""

MERGED = """
create table merged as
select r.rid
from rows r join entries e on e.number = r.entry join households h on h.hkey = r.hkey
where e.repeated and r.rid <> h.rid
  and (select entry from rows lead where lead.rid = h.rid) = r.entry
"""

COPIES = """
create temp table copies as
with marked as (
    select r.rid, r.ukey, r.file, r.line, e.level, case when e.lists then -1 else e.number end as entry
    from rows r join entries e on e.number = r.entry
    where r.ukey is not null and r.rid not in (select rid from merged)
), twice as (
    select level, entry, ukey, count(*) as n from marked group by all having count(*) > 1
), placed as (
    select m.*, t.n, row_number() over (partition by m.level, m.entry, m.ukey order by m.rid) as place
    from marked m join twice t on t.level = m.level and t.entry = m.entry and t.ukey = m.ukey
)
select p.level, p.entry, p.ukey, any_value(p.n) as n,
       string_agg(f.name || ' line ' || p.line, ', ' order by p.rid) as places
from placed p join files f on f.file = p.file
where p.place <= 3
group by p.level, p.entry, p.ukey
"""

REFUSE_COPIES = """
insert into refused
select r.rid, r.entry, r.file, r.line, '', translate(r.ukey, chr(31) || chr(30), '||'),
       replace(replace($message, '{count}', c.n::varchar), '{places}', c.places), $kind
from rows r join entries e on e.number = r.entry
join copies c on c.ukey = r.ukey and c.level = e.level
             and c.entry = case when e.lists then -1 else e.number end
where r.rid not in (select rid from refused where rid is not null)
  and r.rid not in (select rid from merged)
"""

REFUSE_ORPHANS = """
insert into refused
select r.rid, r.entry, r.file, r.line, '', translate(coalesce(r.hkey, r.okey, ''), chr(31) || chr(30), '||'),
       replace($message, '{owner}', case when r.hkey is null then 'person' else 'household' end), $kind
from rows r join entries e on e.number = r.entry
where e.level <> 'area' and not (e.level = 'household' and e.lists)
  and r.rid not in (select rid from refused where rid is not null)
  and (r.hkey is null or r.hkey not in (select hkey from households))
"""

REFUSE_ORPHANS_OF_PERSONS = """
insert into refused
select r.rid, r.entry, r.file, r.line, '', translate(coalesce(r.pkey, r.ukey), chr(31) || chr(30), '||'),
       replace($message, '{owner}', 'person'), $kind
from rows r join entries e on e.number = r.entry
where e.owner = 'person'
  and r.rid not in (select rid from refused where rid is not null)
  and coalesce(r.pkey, r.ukey) not in (
      select p.ukey from rows p join entries pe on pe.number = p.entry
      where pe.level = 'person' and pe.lists and p.ukey is not null)
"""

REFUSE_UNJOINED = """
insert into refused
select r.rid, r.entry, r.file, r.line, '', translate(r.ukey, chr(31) || chr(30), '||'),
       replace($message, '{files}', j.files), $kind
from rows r join entries e on e.number = r.entry and e.lists
join entries j on j.level = e.level and not j.lists and j.required
where r.rid not in (select rid from refused where rid is not null)
  and r.rid not in (select rid from merged)
  and not exists (select 1 from rows o where o.entry = j.number and o.ukey = r.ukey)
qualify row_number() over (partition by r.rid order by j.number) = 1
"""

REFUSE_INCOMPLETE = """
insert into refused
select r.rid, r.entry, r.file, r.line, '', translate(r.hkey, chr(31) || chr(30), '||'),
       replace(replace($message, '{place}', first.place), '{reason}', first.reason), $kind
from households h join rows r on r.rid = h.rid
join (
    select m.hkey, arg_min(f.name || ' line ' || m.line, m.rid) as place, arg_min(x.reason, m.rid) as reason
    from refused x join rows m on m.rid = x.rid join files f on f.file = m.file
    where m.hkey is not null
    group by m.hkey
) first on first.hkey = h.hkey
where h.rid not in (select rid from refused where rid is not null)
"""

REFUSE_DISAGREEING = """
insert into refused
select r.rid, r.entry, r.file, r.line, '', translate(r.hkey, chr(31) || chr(30), '||'),
       replace(replace($message, '{count}', d.n::varchar), '{columns}', d.columns), $kind
from rows r join entries e on e.number = r.entry and e.repeated
join disagreeing d on d.hkey = r.hkey
where r.rid not in (select rid from refused where rid is not null)
"""

SOUND = """
create or replace temp table sound as
select r.rid, r.hkey, r.entry, e.level, r.head
from rows r join entries e on e.number = r.entry and e.lists
where r.rid not in (select rid from refused where rid is not null)
  and r.rid not in (select rid from merged)
"""

REFUSE_BY_COUNT = """
insert into refused
select r.rid, r.entry, r.file, r.line, '', translate(r.hkey, chr(31) || chr(30), '||'),
       replace($message, '{count}', coalesce(c.n, 0)::varchar), $kind
from households h join rows r on r.rid = h.rid
left join (
    select hkey, count(*) filter ($heads::boolean is null or head = $heads::boolean) as n
    from sound where level = $level group by hkey
) c on c.hkey = h.hkey
where h.rid not in (select rid from refused where rid is not null)
  and not coalesce(c.n, 0) between $least and $most
"""

REFUSE_BY_SIZE = """
insert into refused
select r.rid, r.entry, r.file, r.line, '', translate(r.hkey, chr(31) || chr(30), '||'),
       replace(replace($message, '{count}', coalesce(c.n, 0)::varchar), '{declared}', d.size::varchar),
       $kind
from households h join rows r on r.rid = h.rid join declared d on d.hkey = h.hkey
left join (select hkey, count(*) as n from sound where level = 'person' group by hkey) c on c.hkey = h.hkey
where h.rid not in (select rid from refused where rid is not null)
  and d.size is not null and d.size <> coalesce(c.n, 0)
"""

REFUSE_AREAS = """
insert into refused
select r.rid, r.entry, r.file, r.line, '', w.code, replace($message, '{area}', w.code), $kind
from rows r join entries e on e.number = r.entry
join (
    select path, any_value(code) as code from area_steps
    where code in (
        select code from area_steps group by code
        having count(distinct coalesce(parent, '')) > 1 or count(distinct depth) > 1)
    group by path
) w on w.path = r.path
where r.rid not in (select rid from refused where rid is not null)
"""

REFUSE_WITH_PERSON = """
insert into refused
select r.rid, r.entry, r.file, r.line, '', translate(coalesce(r.pkey, r.ukey), chr(31) || chr(30), '||'),
       replace(replace($message, '{place}', f.name || ' line ' || p.line), '{reason}', x.reason),
       $kind
from rows r join entries e on e.number = r.entry and e.owner = 'person'
join rows p on p.ukey = coalesce(r.pkey, r.ukey) and p.rid <> r.rid
join entries pe on pe.number = p.entry and pe.level = 'person' and pe.lists
join refused x on x.rid = p.rid join files f on f.file = p.file
where r.rid not in (select rid from refused where rid is not null)
qualify row_number() over (partition by r.rid order by p.rid) = 1
"""

REFUSE_WITH_HOUSEHOLD = """
insert into refused
select r.rid, r.entry, r.file, r.line, '', translate(r.hkey, chr(31) || chr(30), '||'),
       case when x.kind = $member then x.reason else
           replace(replace($message, '{place}', f.name || ' line ' || x.line), '{reason}', x.reason) end,
       case when x.kind = $member then x.kind else $kind end
from rows r join households h on h.hkey = r.hkey join refused x on x.rid = h.rid
join files f on f.file = x.file
where r.rid not in (select rid from refused where rid is not null)
"""


DISAGREEING = """
select r.hkey, f.* exclude (rid)
from rows r join household_facts f on f.rid = r.rid join entries e on e.number = r.entry and e.repeated
where r.hkey in (
    select hkey from rows where signature is not null
    group by hkey having count(distinct signature) > 1)
"""

DECLARED = """
create table declared as
select r.hkey, max(d.size) as size from declared_rows d join rows r on r.rid = d.rid group by r.hkey
"""
