ALTER TABLE tenant_golden.items RENAME COLUMN a TO b;

ALTER TABLE tenant_golden.items RENAME CONSTRAINT items_a_minimum_check TO items_b_minimum_check;

ALTER TABLE tenant_golden.items ADD COLUMN a text;

ALTER TABLE tenant_golden.items ADD CONSTRAINT items_a_min_length_check CHECK ((char_length(a) >= 1));
