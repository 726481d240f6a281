//! Nouns for people, and words that open a clause.

use std::sync::LazyLock;

use crate::text::words::WordList;

/// Nouns for one person of either gender.
pub(super) static PERSON_NOUNS: LazyLock<WordList> = LazyLock::new(|| {
    WordList::words(
        "person someone somebody anyone anybody everyone everybody child teenager toddler baby adult stranger neighbor neighbour \
         friend ally rival opponent challenger critic supporter foe enemy colleague predecessor successor mentor partner spouse parent \
         sibling cousin relative twin roommate leader boss chief head president mayor governor senator representative lawmaker \
         legislator minister premier chancellor secretary treasurer commissioner chairperson chair director administrator manager executive \
         officer official aide adviser advisor assistant deputy spokesperson envoy ambassador diplomat delegate candidate nominee \
         incumbent contender frontrunner politician councilor councillor democrat republican conservative liberal populist nationalist socialist \
         judge justice magistrate prosecutor attorney lawyer counsel solicitor barrister clerk defendant plaintiff suspect victim witness \
         juror accuser complainant whistleblower informant inmate prisoner convict killer shooter attacker assailant murderer robber \
         thief sheriff undersheriff marshal detective inspector sergeant lieutenant captain colonel general major admiral commander \
         soldier veteran marine sailor pilot agent guard ranger trooper cop firefighter paramedic doctor physician surgeon nurse dentist \
         psychiatrist psychologist therapist patient coroner pharmacist scientist researcher professor teacher instructor principal \
         dean scholar historian economist analyst expert student pupil graduate alumnus author writer novelist poet playwright \
         editor reporter journalist columnist correspondent anchor host blogger commentator pundit biographer publisher critic artist \
         painter sculptor photographer musician singer guitarist drummer rapper composer conductor dancer actor comedian filmmaker producer \
         designer architect engineer builder contractor developer entrepreneur founder owner landlord tenant employer employee worker \
         boss banker investor trader broker financier billionaire millionaire tycoon magnate philanthropist donor lobbyist activist \
         organizer organiser advocate campaigner protester protestor demonstrator volunteer voter resident citizen immigrant migrant refugee \
         coach player quarterback pitcher striker goalkeeper athlete runner boxer golfer referee umpire trainer teammate champion \
         bishop archbishop cardinal pastor minister preacher rabbi imam cleric reverend farmer rancher janitor driver chauffeur \
         barber baker butcher cook chef carpenter plumber electrician mechanic gardener janitor porter cashier shopkeeper \
         customer guest passenger caller member insider source moderator speaker dictator tyrant dispatcher planner auditor \
         accountant bookkeeper treasurer translator interpreter bodyguard boss heir monarch ruler regent emissary negotiator mediator \
         strategist pollster speechwriter operative staffer intern donor canvasser technician programmer hacker inventor explorer \
         astronaut survivor orphan hero villain genius fool liar fugitive",
    )
});

/// Words after which a clause begins with its subject.
pub(super) static OPENERS: LazyLock<WordList> = LazyLock::new(|| {
    WordList::words(
        "that whether if when while because although though until till before after since as and but or so unless where than \
         then who which whose whom what why how nor once yet",
    )
});

/// Verbs of saying and thinking whose clause follows at once, with no person as object between: "said she".
pub(super) static SAYING: LazyLock<WordList> = LazyLock::new(|| {
    WordList::words(
        "said says say saying added adds adding wrote writes writing announced announces thought thinks think believed believes \
         believe claimed claims argued argues insisted insists testified testifies hoped hopes joked jokes noted notes \
         acknowledged acknowledges admitted admits denied denies explained explains declared declares stated states conceded concedes \
         maintained maintains vowed vows pledged pledges promised promises replied replies answered answers responded suggested suggests \
         feared fears knew knows felt feels wished wishes swore swears complained complains recalled recalls predicted predicts \
         confirmed confirms indicated indicates revealed reveals concluded concludes contended contends alleged alleges figured",
    )
});

/// Verbs that may follow a person's noun where no apposition goes on: "Holt, the mayor said, ...".
pub(super) static VERBS: LazyLock<WordList> = LazyLock::new(|| {
    WordList::words(
        "is was has had will would can could may might did does told asked called wants wanted added says said thinks insists",
    )
});

/// Words after "her" that no noun follows, so that "her" is an object.
pub(super) static AFTER_OBJECT: LazyLock<WordList> = LazyLock::new(|| {
    WordList::words(
        "a an the to for in on at of by with from as and or but that this when if while because after before until since than \
         into about over under against again too also not so there here now then back down up off out away aside below above \
         who what where why how whether is was has had will would could his her their its my your our today yesterday \
         tomorrow monday tuesday wednesday thursday friday saturday sunday once twice more during through across behind \
         below beside between without within toward towards",
    )
});

/// Verbs with two objects: "gave her three letters".
pub(super) static GIVING: LazyLock<WordList> = LazyLock::new(|| {
    WordList::words(
        "gave give gives giving given left leaves leave sent send sends told tell tells asked ask asks offered offer offers paid pay \
         showed show shows handed hand hands wished wish wishes bought buy buys cost costs owed owe owes taught teach teaches \
         awarded granted promised denied lent sold brought earned won saved spared",
    )
});

/// Words after which "her" was no possessive where a verb with two objects stands before it.
pub(super) static COUNTS: LazyLock<WordList> = LazyLock::new(|| {
    WordList::words(
        "two three four five six seven eight nine ten several some many much any all no none nothing something everything \
         little enough half",
    )
});

/// Words before a name of a place or a body.
pub(super) static BEFORE_PLACES: LazyLock<WordList> = LazyLock::new(|| {
    WordList::words("in at near from of on the a an to into across outside around")
});
