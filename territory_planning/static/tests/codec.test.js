import {describe, expect, test} from "@odoo/hoot";
import {CodecError, decode, encode} from "@territory_planning/territory_map/codec";
import {middleOf} from "@territory_planning/territory_map/points";

describe.current.tags("headless");

const COLUMNS = {
    id: ["i32", [1, 2, 2147483647]],
    longitude: ["i32", [-18000000, 0, 18000000]],
    user_id: ["u16", [0, 1, 65535]],
    status: ["u8", [0, 1, 255]],
};

test("what is encoded is decoded", () => {
    const {header, columns} = decode(
        encode({version: 1, categories: {user_id: [[1, "Änne 🙂"]]}}, COLUMNS)
    );
    expect(header.n).toBe(3);
    expect(header.categories.user_id[0][1]).toBe("Änne 🙂");
    for (const [name, [, values]] of Object.entries(COLUMNS)) {
        expect([...columns.get(name)]).toEqual(values);
    }
});

test("columns are views on the bytes, not copies", () => {
    const buffer = encode({version: 1}, COLUMNS);
    const {columns} = decode(buffer);
    expect(columns.get("id").buffer).toBe(buffer);
});

test("no records", () => {
    const {header, columns} = decode(encode({version: 1}, {id: ["i32", []]}));
    expect(header.n).toBe(0);
    expect(columns.get("id").length).toBe(0);
});

function withHeader(header) {
    let text = JSON.stringify(header);
    text += " ".repeat((4 - (text.length % 4)) % 4);
    const head = new TextEncoder().encode(text);
    const bytes = new Uint8Array(8 + head.length);
    bytes.set(new TextEncoder().encode("TPM1"));
    new DataView(bytes.buffer).setUint32(4, head.length, true);
    bytes.set(head, 8);
    return bytes.buffer;
}

test("hostile headers are refused", () => {
    const good = encode({version: 1}, COLUMNS);
    const cut = good.slice(0, good.byteLength - 1);
    const longer = new Uint8Array(good.byteLength + 1);
    longer.set(new Uint8Array(good));
    const wrongMagic = good.slice();
    new Uint8Array(wrongMagic)[0] = 0;
    const hugeHeader = good.slice();
    new DataView(hugeHeader).setUint32(4, 0xfffffffc, true);
    const oddHeader = good.slice();
    new DataView(oddHeader).setUint32(4, 3, true);
    const noJson = good.slice();
    new Uint8Array(noJson)[8] = 0;
    const cases = {
        empty: new ArrayBuffer(0),
        short: new ArrayBuffer(7),
        cut,
        longer: longer.buffer,
        wrongMagic,
        hugeHeader,
        oddHeader,
        noJson,
        version: withHeader({version: 2, n: 0, columns: []}),
        nothing: withHeader(null),
        list: withHeader([]),
        rows: withHeader({version: 1, n: 1e15, columns: [["id", "i32"]]}),
        negative: withHeader({version: 1, n: -1, columns: []}),
        fraction: withHeader({version: 1, n: 0.5, columns: []}),
        noColumns: withHeader({version: 1, n: 0}),
        nullColumn: withHeader({version: 1, n: 0, columns: [null]}),
        unknownWidth: withHeader({version: 1, n: 0, columns: [["id", "f64"]]}),
        inheritedWidth: withHeader({version: 1, n: 0, columns: [["id", "toString"]]}),
        twice: withHeader({
            version: 1,
            n: 0,
            columns: [
                ["id", "i32"],
                ["id", "i32"],
            ],
        }),
        beyond: withHeader({version: 1, n: 1, columns: [["id", "i32"]]}),
    };
    for (const [name, buffer] of Object.entries(cases)) {
        let error = null;
        try {
            decode(buffer);
        } catch (caught) {
            error = caught;
        }
        expect(error instanceof CodecError).toBe(true, {message: name});
    }
});

test("a column named like a part of every object is only a column", () => {
    const {columns} = decode(
        encode({version: 1}, {["constructor"]: ["u8", [1]], id: ["i32", [5]]})
    );
    expect([...columns.get("constructor")]).toEqual([1]);
    expect(columns.get("toString")).toBe(undefined);
});

test("where all but a share lie: of many as of few, as fine as a bin", () => {
    let state = 7;
    const next = () => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647;
    for (const n of [1, 2, 200, 40_000]) {
        const numbers = Int32Array.from(
            {length: n},
            () => 2e7 * (next() - next() ** 3)
        );
        const sorted = numbers.slice().sort();
        const out = Math.floor(n * 0.01);
        const bin = n < 5_000 ? 0 : (sorted[n - 1] - sorted[0] + 1) / 4096;
        const [low, high] = middleOf(numbers, 0.01);
        expect(Math.abs(low - sorted[out])).toBeLessThan(bin + 1);
        expect(Math.abs(high - sorted[n - 1 - out])).toBeLessThan(bin + 1);
        expect(low <= sorted[out] && high >= sorted[n - 1 - out]).toBe(true);
    }
    expect(middleOf(new Int32Array(9_000).fill(5), 0.01)).toEqual([5, 5]);
});
