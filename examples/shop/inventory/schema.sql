-- The shop's own schema, made anew at every start.
DROP SCHEMA IF EXISTS callchain_shop CASCADE;
CREATE SCHEMA callchain_shop;
SET search_path TO callchain_shop;

-- What has been set aside for orders, besides what a clerk counted by hand.
CREATE TABLE shelf (
  sku text PRIMARY KEY,
  counted integer NOT NULL,
  reserved integer NOT NULL DEFAULT 0,
  CONSTRAINT reserved_within_counted CHECK (reserved <= counted)
);

CREATE TABLE movements (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  sku text NOT NULL,
  quantity integer NOT NULL
);
CREATE INDEX movements_by_sku ON movements (sku);

-- No index on movement_id: the view below reads this whole table once for every movement of a
-- product, which nobody notices until a product has moved often.
CREATE TABLE returns (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  movement_id bigint NOT NULL,
  quantity integer NOT NULL
);

CREATE VIEW stock_level AS
SELECT
  movement.sku,
  sum(movement.quantity - (
    SELECT coalesce(sum(returned.quantity), 0)
    FROM returns AS returned
    WHERE returned.movement_id = movement.id
  )) AS available
FROM movements AS movement
GROUP BY movement.sku;

-- What is on its way to a customer.
CREATE TABLE shipment (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  order_id text NOT NULL,
  sku text NOT NULL,
  quantity integer NOT NULL,
  carrier text NOT NULL
);

-- The music box was never counted, so the first order for one breaks the constraint.
INSERT INTO shelf (sku, counted) VALUES
  ('teapot', 1000000),
  ('garden-gnome', 1000000),
  ('mirror', 1000000),
  ('snow-globe', 0),
  ('music-box', 0);

INSERT INTO movements (sku, quantity) VALUES
  ('teapot', 1000000),
  ('mirror', 1000000),
  ('music-box', 12),
  ('snow-globe', 0);

INSERT INTO returns (movement_id, quantity)
SELECT 1000000 + number, 1 FROM generate_series(1, 5000) AS number;

ANALYZE movements, returns, shelf;
