-- A hundred thousand accounts in Germany, half of them in thirty towns, in one pass.
CREATE TEMP TABLE town AS
SELECT i AS t, 47.8 + random() * 6.4 AS latitude, 6.8 + random() * 7.2 AS longitude
  FROM generate_series(0, 29) AS i;

INSERT INTO res_partner (name, complete_name, active, is_company, type, autopost_bills, company_id,
                         user_id, partner_latitude, partner_longitude)
SELECT 'Account ' || s.i, 'Account ' || s.i, true, true, 'contact', 'ask', NULL,
       (ARRAY(SELECT id FROM res_users WHERE active ORDER BY id))[1 + s.i % (
           SELECT COUNT(*) FROM res_users WHERE active)],
       CASE WHEN s.i % 2 = 0 THEN town.latitude + (random() + random() - 1) * 0.3
            ELSE 47.5 + random() * 7 END,
       CASE WHEN s.i % 2 = 0 THEN town.longitude + (random() + random() - 1) * 0.4
            ELSE 6 + random() * 9 END
  FROM generate_series(1, {accounts}) AS s(i) JOIN town ON town.t = s.i % 30;

UPDATE res_partner SET commercial_partner_id = id WHERE commercial_partner_id IS NULL;

INSERT INTO territory_account (company_id, partner_id, name, active, user_id, latitude,
                               longitude, location_quality, revenue_12m,
                               revenue_change, segment)
SELECT (SELECT MIN(id) FROM res_company), id, name, true, user_id, partner_latitude,
       partner_longitude, 'given', (exp(random() * 6) * 500)::numeric(16, 2),
       random() - 0.5, (ARRAY['a', 'b', 'c', 'lapsed', 'prospect'])[1 + id % 5]
  FROM res_partner WHERE name LIKE 'Account %';

-- 3,200 areas side by side: as many polygons as the goal for panning asks for.
INSERT INTO territory_region (name, complete_name, company_id, kind, color, geometry,
                              active)
SELECT 'Area ' || i, 'Area ' || i, (SELECT MIN(id) FROM res_company), 'area', 1 + i % 11,
       jsonb_build_object('type', 'Polygon', 'coordinates', jsonb_build_array((
           SELECT jsonb_agg(jsonb_build_array(
                      6 + (i % 64) * 0.14 + 0.07 + 0.066 * cos(k * pi() / 12),
                      47.5 + (i / 64) * 0.14 + 0.07 + 0.066 * sin(k * pi() / 12))
                  ORDER BY k)
             FROM generate_series(0, 24) AS k))),
       true
  FROM generate_series(0, {regions} - 1) AS i;

UPDATE territory_region SET parent_path = id || '/' WHERE parent_path IS NULL;

ANALYZE res_partner;
ANALYZE territory_account;
