-- A company of {accounts} accounts and {reps} reps with a region each: ten order lines and
-- three meetings per account over three years, half of the accounts in thirty towns.
-- Every random number comes from the row's own number, so a size is always the same.
CREATE FUNCTION pg_temp.chance(row_number bigint, salt int) RETURNS float8 AS
$$ SELECT (hashint8extended(row_number, salt) & 9007199254740991) / 9007199254740992.0 $$
LANGUAGE sql IMMUTABLE PARALLEL SAFE;

CREATE TEMP TABLE frame AS
SELECT (SELECT MIN(id) FROM res_company) AS company,
       (SELECT MIN(id) FROM product_pricelist) AS pricelist,
       (SELECT MIN(id) FROM uom_uom) AS unit,
       (SELECT MIN(id) FROM crm_stage WHERE is_won IS NOT TRUE) AS stage,
       (SELECT id FROM res_country WHERE code = 'DE') AS country,
       (SELECT id FROM res_currency WHERE name = 'EUR') AS currency,
       CEIL(SQRT({reps}))::int AS columns, CEIL({reps} / CEIL(SQRT({reps})))::int AS rows,
       date_trunc('month', now()) AS month;

-- twenty kinds of things, two hundred products
CREATE TEMP TABLE kind AS SELECT i, nextval('product_category_id_seq') AS id
  FROM generate_series(1, 20) AS i;
INSERT INTO product_category (id, name, complete_name)
SELECT id, 'Kind ' || i, 'Kind ' || i FROM kind;
UPDATE product_category SET parent_path = id || '/' WHERE parent_path IS NULL;
CREATE TEMP TABLE thing AS
SELECT i, nextval('product_template_id_seq') AS template,
       nextval('product_product_id_seq') AS id,
       round((10 * exp(4 * pg_temp.chance(i, 1)))::numeric, 2) AS price
  FROM generate_series(1, 200) AS i;
INSERT INTO product_template (id, name, uom_id, type, service_tracking, categ_id, list_price,
                              active, sale_ok)
SELECT thing.template, jsonb_build_object('en_US', 'Product ' || thing.i), frame.unit,
       'consu', 'no', kind.id, thing.price, true, true
  FROM frame, thing JOIN kind ON kind.i = 1 + thing.i % 20;
INSERT INTO product_product (id, product_tmpl_id, active) SELECT id, template, true FROM thing;

-- reps, who can log in with the password "scale"
CREATE TEMP TABLE rep AS
SELECT i, nextval('res_users_id_seq') AS id, nextval('res_partner_id_seq') AS partner
  FROM generate_series(0, {reps} - 1) AS i;
INSERT INTO res_partner (id, name, complete_name, active, is_company, type, autopost_bills,
                         commercial_partner_id, email, tz)
SELECT partner, 'Rep ' || i, 'Rep ' || i, true, false, 'contact', 'ask', partner,
       'rep' || i || '@scale.example', 'Europe/Berlin'
  FROM rep;
INSERT INTO res_users (id, partner_id, company_id, login, password, active, share,
                       notification_type)
SELECT rep.id, rep.partner, frame.company, 'rep' || i, 'scale', true, false, 'email'
  FROM rep, frame;
INSERT INTO res_company_users_rel (cid, user_id) SELECT frame.company, rep.id FROM rep, frame;
INSERT INTO res_groups_users_rel (gid, uid)
SELECT data.res_id, rep.id
  FROM rep, ir_model_data data
 WHERE (data.module, data.name) IN (('base', 'group_user'))
    OR (data.module, data.name) = ('sales_team', CASE WHEN rep.i % 10 = 0
           THEN 'group_sale_salesman_all_leads' ELSE 'group_sale_salesman' END);
INSERT INTO crm_team_member (crm_team_id, user_id, active, territory_hours,
                             territory_start_latitude, territory_start_longitude)
SELECT (SELECT MIN(id) FROM crm_team), rep.id, true, 60 + 40 * pg_temp.chance(rep.i, 2),
       47.5 + 7 * ((rep.i / frame.columns + 0.5) / frame.rows),
       6 + 9 * ((rep.i % frame.columns + 0.5) / frame.columns)
  FROM rep, frame;
UPDATE res_users SET sale_team_id = (SELECT MIN(id) FROM crm_team)
 WHERE id IN (SELECT id FROM rep);

-- a region for each rep: the fields of a chessboard over Germany
INSERT INTO territory_region (name, complete_name, company_id, kind, color, user_id, active,
                              geometry, west, south, east, north)
SELECT 'Region ' || i, 'Region ' || i, frame.company, 'area', 1 + i % 11, rep.id, true,
       jsonb_build_object('type', 'Polygon', 'coordinates', jsonb_build_array(
           jsonb_build_array(
               jsonb_build_array(west, south), jsonb_build_array(east, south),
               jsonb_build_array(east, north), jsonb_build_array(west, north),
               jsonb_build_array(west, south)))),
       west, south, east, north
  FROM frame, rep, LATERAL (
           SELECT 6 + 9.0 * (rep.i % frame.columns) / frame.columns AS west,
                  6 + 9.0 * (rep.i % frame.columns + 1) / frame.columns AS east,
                  47.5 + 7.0 * (rep.i / frame.columns) / frame.rows AS south,
                  47.5 + 7.0 * (rep.i / frame.columns + 1) / frame.rows AS north) AS box;
UPDATE territory_region SET parent_path = id || '/' WHERE parent_path IS NULL;

-- accounts, looked after by the rep of the field they are in
CREATE TEMP TABLE account AS
SELECT i, nextval('res_partner_id_seq') AS id, latitude, longitude,
       exp(1.2 * (chance_1 + chance_2 + chance_3 + chance_4 - 2)) AS size,
       (LEAST(floor((longitude - 6) / 9 * frame.columns), frame.columns - 1)
       + frame.columns
       * LEAST(floor((latitude - 47.5) / 7 * frame.rows), frame.rows - 1))::int AS field
  FROM frame, generate_series(0, {accounts} - 1) AS i, LATERAL (
           SELECT pg_temp.chance(i, 11) AS chance_1, pg_temp.chance(i, 12) AS chance_2,
                  pg_temp.chance(i, 13) AS chance_3, pg_temp.chance(i, 14) AS chance_4,
                  CASE WHEN i % 2 = 0
                       THEN 47.8 + 6.4 * pg_temp.chance(i % 30, 3)
                            + 0.25 * (pg_temp.chance(i, 4) + pg_temp.chance(i, 5) - 1)
                       ELSE 47.5 + 7 * pg_temp.chance(i, 4) END AS latitude,
                  CASE WHEN i % 2 = 0
                       THEN 6.4 + 8.2 * pg_temp.chance(i % 30, 6)
                            + 0.35 * (pg_temp.chance(i, 7) + pg_temp.chance(i, 8) - 1)
                       ELSE 6 + 9 * pg_temp.chance(i, 7) END AS longitude) AS place;
ANALYZE account, rep;
INSERT INTO res_partner (id, name, complete_name, active, is_company, type, autopost_bills,
                         commercial_partner_id, user_id, country_id, zip, city,
                         partner_latitude, partner_longitude)
SELECT account.id, 'Account ' || account.i, 'Account ' || account.i, true, true, 'contact',
       'ask', account.id, rep.id, frame.country, lpad((account.i % 100000)::text, 5, '0'),
       'Town ' || account.i % 30, latitude, longitude
  FROM frame, account JOIN rep ON rep.i = account.field % {reps};

-- half as many orders as lines; a fifth of the accounts never ordered, few order often
CREATE TEMP TABLE bought AS
SELECT i, nextval('sale_order_id_seq') AS id,
       (0.8 * {accounts} * power(pg_temp.chance(i, 21), 1.5))::int AS account,
       frame.month + interval '20 days' - 36 * pg_temp.chance(i, 22) * interval '1 month'
           AS day
  FROM frame, generate_series(1, 5 * {accounts}) AS i;
ANALYZE bought;
INSERT INTO sale_order (id, name, company_id, partner_id, partner_invoice_id,
                        partner_shipping_id, state, date_order, currency_rate, currency_id,
                        pricelist_id, user_id)
SELECT bought.id, 'S' || bought.i, frame.company, account.id, account.id, account.id, 'sale',
       LEAST(bought.day, now() - interval '1 hour') AT TIME ZONE 'UTC', 1, frame.currency,
       frame.pricelist, rep.id
  FROM frame, bought JOIN account ON account.i = bought.account
              JOIN rep ON rep.i = account.field % {reps};
INSERT INTO sale_order_line (order_id, name, product_id, product_uom_id, product_uom_qty,
                             price_unit, price_subtotal, purchase_price, margin,
                             customer_lead, company_id, order_partner_id, state)
SELECT bought.id, 'Product', thing.id, frame.unit, quantity, paid.price,
       paid.price * quantity, round(0.6 * thing.price, 2),
       (paid.price - round(0.6 * thing.price, 2)) * quantity, 0,
       frame.company, account.id, 'sale'
  FROM frame, bought JOIN account ON account.i = bought.account,
       generate_series(0, 1) AS line, LATERAL (
           SELECT 1 + (200 * power(pg_temp.chance(2 * bought.i + line, 31), 1.3))::int % 200
                      AS product,
                  ceil(account.size * exp(3 * pg_temp.chance(2 * bought.i + line, 32)))
                      ::numeric AS quantity) AS pick
       JOIN thing ON thing.i = pick.product, LATERAL (
           SELECT round((thing.price * (0.9 + 0.1 * pg_temp.chance(account.i, 33)
                         + 0.05 * pg_temp.chance(2 * bought.i + line, 34)))::numeric, 2)
                      AS price) AS paid;

-- meetings, a twentieth of them to come; those who order more are visited more
CREATE TEMP TABLE meeting AS
SELECT i, nextval('calendar_event_id_seq') AS id,
       ({accounts} * power(pg_temp.chance(i, 41), 1.2))::int % {accounts} AS account,
       date_trunc('hour', frame.month + interval '20 days'
           - (36 * pg_temp.chance(i, 42) - 2) * interval '1 month') AS start
  FROM frame, generate_series(1, 3 * {accounts}) AS i;
ANALYZE meeting;
INSERT INTO calendar_event (id, name, show_as, start, stop, user_id, active)
SELECT meeting.id, 'Visit', 'busy', start AT TIME ZONE 'UTC',
       (start + interval '1 hour') AT TIME ZONE 'UTC', rep.id, true
  FROM meeting JOIN account ON account.i = meeting.account
       JOIN rep ON rep.i = account.field % {reps};
INSERT INTO calendar_attendee (event_id, partner_id, state)
SELECT meeting.id, who, 'accepted'
  FROM meeting JOIN account ON account.i = meeting.account
       JOIN rep ON rep.i = account.field % {reps},
       LATERAL (VALUES (account.id), (rep.partner)) AS guest(who);
INSERT INTO calendar_event_res_partner_rel (calendar_event_id, res_partner_id)
SELECT event_id, partner_id FROM calendar_attendee ON CONFLICT DO NOTHING;

INSERT INTO crm_lead (name, type, active, company_id, partner_id, user_id, stage_id,
                      expected_revenue, probability)
SELECT 'Lead ' || account.i, 'opportunity', true, frame.company, account.id, rep.id,
       frame.stage, round(20000 * account.size), 100 * pg_temp.chance(account.i, 51)
  FROM frame, account JOIN rep ON rep.i = account.field % {reps}
 WHERE account.i % 20 = 0;

ANALYZE res_partner, sale_order, sale_order_line, calendar_event, calendar_attendee, crm_lead;
DROP TABLE frame, kind, thing, rep, account, bought, meeting;
