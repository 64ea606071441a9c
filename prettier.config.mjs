// The OCA's settings.
export default {
    bracketSpacing: false,
    plugins: ["@prettier/plugin-xml"],
    printWidth: 88,
    proseWrap: "always",
    semi: true,
    tabWidth: 4,
    trailingComma: "es5",
    xmlWhitespaceSensitivity: "strict",
};
