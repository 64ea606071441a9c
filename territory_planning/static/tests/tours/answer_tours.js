import {registry} from "@web/core/registry";
import {clickDot, MAP} from "./map_tours";

const question = (i) => `.o_territory_question[data-question='${i}']`;
const curvePath = () =>
    document
        .querySelector(".o_territory_card_response .o_territory_response_whole")
        .getAttribute("d");

let before = "";

const say = (i, text) => ({
    trigger: `${question(i)} .o_territory_question_share`,
    run: `edit ${text} && press Tab`,
});

const openCard = [
    {trigger: MAP, run: () => clickDot(0)},
    {trigger: ".o_territory_card_name:contains(/^Alpha/)"},
];

const unfold = [
    {trigger: ".o_territory_card_response_toggle", run: "click"},
    {
        content: "the curve the plan used",
        trigger:
            ".o_territory_card_response .o_territory_response_date:contains(used it)",
        run: () => {
            before = curvePath();
        },
    },
    {trigger: ".o_territory_card_ask", run: "click"},
];

const answerAndSave = [
    {
        content: "the account's own numbers",
        trigger: ".o_territory_questions_today:contains(one visit a month)",
    },
    {trigger: ".o_territory_questions_save:disabled"},
    say(0, "10"),
    say(1, "50"),
    say(3, "145"),
    say(4, "190"),
    {
        content: "what an hour is worth with these answers, from the server",
        trigger:
            ".o_territory_questions_verdict:contains(With your answers an hour here is worth)",
    },
    {trigger: ".o_territory_questions_save:enabled", run: "click"},
    {trigger: "body:not(:has(.o_territory_questions))"},
    {
        content: "the curve has moved, and says why",
        trigger:
            ".o_territory_card_response .o_territory_response_date:contains(answers given since)",
        run: () => {
            if (curvePath() === before) {
                throw new Error("the curve has not moved");
            }
        },
    },
    {trigger: ".o_territory_card_response .o_territory_response_judged"},
];

registry.category("web_tour.tours").add("territory_answers_desk", {
    steps: () => [
        ...openCard,
        ...unfold,
        ...answerAndSave,
        {
            content: "the same from the account's form",
            trigger: ".o_territory_card_open",
            run: "click",
        },
        {
            trigger: ".o_form_view .o_territory_response_judged",
        },
        {
            trigger: ".o_form_view .o_territory_ask",
            run: "click",
        },
        {
            content: "own answers are there",
            trigger: `${question(0)} .o_territory_question_share:value(10)`,
        },
        {trigger: ".o_territory_questions_discard", run: "click"},
        {trigger: "body:not(:has(.o_territory_questions))"},
    ],
});

registry.category("web_tour.tours").add("territory_answers_phone", {
    steps: () => [
        ...openCard,
        {trigger: ".o_territory_panel_handle", run: "click"},
        ...unfold,
        {
            content: "the dialog has the whole screen, and no thumb misses",
            trigger: ".o_territory_questions",
            run: () => {
                const small = [
                    ...document.querySelectorAll(
                        ".o_territory_question .btn, .o_territory_question input"
                    ),
                ].filter((el) => el.getBoundingClientRect().height < 43);
                if (small.length) {
                    throw new Error(`${small.length} of the form are too small`);
                }
                const {scrollWidth, clientWidth} = document.querySelector(
                    ".o_territory_questions .modal-body"
                );
                if (scrollWidth > clientWidth) {
                    throw new Error("the form is wider than the phone");
                }
            },
        },
        ...answerAndSave,
    ],
});
