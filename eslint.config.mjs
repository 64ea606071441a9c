// In the spirit of the OCA's template: errors are what breaks, style is prettier's.
import globals from "globals";
import js from "@eslint/js";

export default [
    {ignores: ["**/static/lib/**", "node_modules/**", ".dev/**"]},
    js.configs.recommended,
    {
        languageOptions: {
            ecmaVersion: 2024,
            sourceType: "module",
            globals: {...globals.browser, odoo: "readonly", luxon: "readonly"},
        },
        rules: {
            "accessor-pairs": "error",
            "array-callback-return": "error",
            "block-scoped-var": "error",
            curly: "error",
            "default-case-last": "error",
            "dot-notation": "error",
            eqeqeq: "error",
            "no-alert": "error",
            "no-caller": "error",
            "no-console": ["error", {allow: ["warn"]}],
            "no-eval": "error",
            "no-extend-native": "error",
            "no-implied-eval": "error",
            "no-iterator": "error",
            "no-lone-blocks": "error",
            "no-loop-func": "error",
            "no-multi-str": "error",
            "no-new-func": "error",
            "no-new-wrappers": "error",
            "no-proto": "error",
            "no-return-assign": "error",
            "no-script-url": "error",
            "no-self-compare": "error",
            "no-sequences": "error",
            "no-throw-literal": "error",
            "no-undef-init": "error",
            "no-unmodified-loop-condition": "error",
            "no-unused-expressions": "error",
            "no-unused-vars": ["error", {args: "after-used", argsIgnorePattern: "^_"}],
            // a value given before try, for when it fails, is no mistake
            "no-useless-assignment": "off",
            "no-useless-call": "error",
            "no-useless-concat": "error",
            "no-useless-rename": "error",
            "no-var": "error",
            "object-shorthand": "error",
            "prefer-const": ["error", {destructuring: "all"}],
            radix: "error",
            yoda: "error",
        },
    },
    {
        // plain scripts: the glue of a library's bundle, not a module of Odoo
        files: ["**/static/src/lib_glue/**/*.js"],
        languageOptions: {sourceType: "script"},
    },
    {
        files: ["dev/**/*.mjs", "*.mjs"],
        languageOptions: {globals: globals.node},
        rules: {"no-console": "off"},
    },
];
