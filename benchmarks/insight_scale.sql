-- A company of many customers, its orders, visits and prospects, in one pass.
-- Who orders how often, what and at which price differs from customer to customer.
SELECT setseed(0.5);

CREATE TEMP TABLE town AS
SELECT i AS t, 47.8 + random() * 6.4 AS latitude, 6.8 + random() * 7.2 AS longitude
  FROM generate_series(0, 199) AS i;

INSERT INTO res_partner (name, complete_name, active, is_company, type, autopost_bills,
                         user_id, country_id, industry_id, city, territory_employees,
                         partner_latitude, partner_longitude)
SELECT 'Account ' || s.i, 'Account ' || s.i, true, true, 'contact', 'ask',
       (SELECT MIN(id) FROM res_users WHERE active AND NOT share),
       (SELECT id FROM res_country WHERE code = 'DE'),
       (ARRAY(SELECT id FROM res_partner_industry ORDER BY id))[1 + s.i % 12],
       'Town ' || s.i % 200,
       CASE WHEN s.i % 3 > 0 THEN (exp(random() * 7))::int END,
       town.latitude + (random() + random() - 1) * 0.3,
       town.longitude + (random() + random() - 1) * 0.4
  FROM generate_series(1, {accounts}) AS s(i) JOIN town ON town.t = s.i % 200;

UPDATE res_partner SET commercial_partner_id = id WHERE commercial_partner_id IS NULL;

-- Nine of ten are customers; some order every week, most a few times a year, some stopped.
CREATE TEMP TABLE customer AS
SELECT id AS partner_id, row_number() OVER (ORDER BY id) AS n,
       exp((random() + random() + random() - 1.5) * 2) AS rate,
       CASE WHEN random() < 0.2 THEN 60 + random() * 900 ELSE 0 END AS stopped,
       (random() * 20)::int AS taste,
       exp((random() + random() - 1) * 0.1) AS level
  FROM res_partner WHERE name LIKE 'Account %' AND id % 10 > 0;

CREATE TEMP TABLE number AS
SELECT c.*, GREATEST(1, round({orders} * rate / SUM(rate) OVER ()))::int AS orders
  FROM customer c;

INSERT INTO sale_order (company_id, partner_id, partner_invoice_id, partner_shipping_id,
                        name, state, date_order, currency_rate, currency_id, user_id)
SELECT {company}, partner_id, partner_id, partner_id, 'S', 'sale',
       date_trunc('day', now() AT TIME ZONE 'UTC') + interval '11 hours'
       - (stopped + random() * (1090 - stopped)) * interval '1 day' - interval '1 day',
       1, {currency}, (SELECT MIN(id) FROM res_users WHERE active AND NOT share)
  FROM number, generate_series(1, orders);

CREATE TEMP TABLE item AS
SELECT p.id AS product_id, row_number() OVER (ORDER BY p.id) - 1 AS n,
       t.list_price AS price
  FROM product_product p JOIN product_template t ON t.id = p.product_tmpl_id
 WHERE t.name->>'en_US' LIKE 'Item %';

-- Three to four lines an order; every thousandth price is 15 % too low.
INSERT INTO sale_order_line (order_id, company_id, order_partner_id, state, name,
                             product_id, product_uom_id, product_uom_qty, price_unit,
                             price_subtotal, price_total, margin, purchase_price,
                             customer_lead)
SELECT o.id, o.company_id, o.partner_id, 'sale', 'Item', item.product_id, {unit},
       line.quantity, line.price, line.quantity * line.price,
       line.quantity * line.price, line.quantity * (line.price - 0.6 * item.price),
       0.6 * item.price, 0
  FROM sale_order o
  JOIN customer c ON c.partner_id = o.partner_id
 CROSS JOIN LATERAL (
       -- half of the lines are of what suits the customer's taste
       SELECT CASE WHEN random() < 0.5 THEN (c.taste * 25 + random() * 25)::int % {items}
                   ELSE (power(random(), 2) * {items})::int % {items} END AS n,
              1 + (random() * random() * 20)::int AS quantity,
              c.level * (1 + (random() - 0.5) * 0.02)
              * CASE WHEN random() < 0.001 THEN 0.85 ELSE 1 END AS factor
         FROM generate_series(1, 3 + (o.id % 3 = 0)::int)) drawn
  JOIN item ON item.n = drawn.n
 CROSS JOIN LATERAL (SELECT drawn.quantity, round((item.price * drawn.factor)::numeric, 2)
                            AS price) line;

-- Visits: one customer in three is seen a few times a year.
INSERT INTO calendar_event (name, user_id, active, res_model, res_id, start, stop, show_as)
SELECT 'Visit', (SELECT MIN(id) FROM res_users WHERE active AND NOT share), true,
       'res.partner', partner_id, moment, moment + interval '1 hour', 'busy'
  FROM (SELECT partner_id, date_trunc('day', now() AT TIME ZONE 'UTC')
               + interval '9 hours' - (1 + random() * 1090) * interval '1 day' AS moment
          FROM customer, generate_series(1, 6) WHERE n % 3 = 0) visit;

ANALYZE res_partner;
ANALYZE sale_order;
ANALYZE sale_order_line;
ANALYZE calendar_event;
