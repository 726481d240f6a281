//! The words that tell who speaks: verbs of saying and judging, roles, and what cannot speak.

use std::borrow::Cow;
use std::cell::RefCell;
use std::sync::LazyLock;

use rustc_hash::FxHashMap;

use super::names::may_be_name_in_small;
use crate::text::memory::Memory;
use crate::text::token::{Token, TokenKind};
use crate::text::words::{WordList, small};

/// What is asked of a word for the sake of voices: whether it is in a list, or fits a rule.
#[derive(Debug, Clone, Copy)]
pub(super) enum Trait {
    /// In [`SPEAKING`].
    Speaking,
    /// In [`CONVINCED`].
    Convinced,
    /// In [`NEEDS_WORDS`].
    NeedsWords,
    /// In [`JUDGED`].
    Judged,
    /// In [`MEETING`].
    Meeting,
    /// In [`JUDGEMENT`].
    Judgement,
    /// In [`ROLES`].
    Role,
    /// In [`THINGS`].
    Thing,
    /// In [`FUNCTION_WORDS`].
    Function,
    /// In [`NOUN_FORMS`].
    NounForm,
    /// In [`BETWEEN`].
    Between,
    /// In [`BE`].
    Be,
    /// In [`DETERMINERS`].
    Determiner,
    /// In [`NAME_PARTICLES`], as it is written.
    Particle,
    /// An attribution may stand at it.
    Cue,
    /// A verb whose object is the judgement itself.
    Judges,
    /// A conjunction that sets two clauses against or beside each other.
    Conjunction,
    /// It may be part of a name.
    MayBeName,
    /// It stands in small letters, all of them ASCII.
    Small,
}

/// The [`Trait`]s of a word, one bit each.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(in crate::text) struct Traits(u32);

thread_local! {
    /// Traits already worked out in this thread.
    static TRAITS: RefCell<Memory<Traits>> = RefCell::new(Memory::new(15));
}

/// The traits of every listed word.
static LISTED: LazyLock<FxHashMap<&'static str, Traits>> = LazyLock::new(|| {
    let lists: [(Trait, &WordList); 14] = [
        (Trait::Speaking, &SPEAKING),
        (Trait::Convinced, &CONVINCED),
        (Trait::NeedsWords, &NEEDS_WORDS),
        (Trait::Judged, &JUDGED),
        (Trait::Meeting, &MEETING),
        (Trait::Judgement, &JUDGEMENT),
        (Trait::Role, &ROLES),
        (Trait::Thing, &THINGS),
        (Trait::Function, &FUNCTION_WORDS),
        (Trait::NounForm, &NOUN_FORMS),
        (Trait::Between, &BETWEEN),
        (Trait::Be, &BE),
        (Trait::Determiner, &DETERMINERS),
        (Trait::Conjunction, &CONJUNCTIONS),
    ];
    let mut listed: FxHashMap<&str, Traits> = FxHashMap::default();
    for (found, list) in lists {
        for word in list.iter() {
            let traits = listed.entry(word).or_default();
            *traits = traits.with(found, true);
        }
    }
    listed
});

impl Traits {
    /// The traits of `word`, as it is written.
    pub fn of(word: &str) -> Traits {
        let lower = match word.is_ascii() {
            true => small(word),
            false => Cow::Owned(lower(word)),
        };
        let listed = LISTED.get(&*lower).copied().unwrap_or_default();
        let cue = [
            Trait::Speaking,
            Trait::Convinced,
            Trait::Judged,
            Trait::Meeting,
        ]
        .iter()
        .any(|&of_cues| listed.has(of_cues))
            || matches!(
                &*lower,
                "according" | "per" | "come" | "comes" | "came" | "coming"
            );
        listed
            .with(Trait::Cue, cue)
            .with(Trait::Judges, judges(&lower))
            .with(Trait::Particle, NAME_PARTICLES.contains(word))
            .with(Trait::MayBeName, may_be_name_in_small(word, &lower))
            .with(Trait::Small, word == lower && word.is_ascii())
    }

    /// Lends the traits of tokens that this thread remembers to `ask`.
    pub fn remembered<R>(ask: impl FnOnce(&mut dyn FnMut(&str, Token) -> Traits) -> R) -> R {
        TRAITS.with_borrow_mut(|memory| {
            ask(&mut |text, Token { span, kind }| match kind {
                TokenKind::Word => memory.get(text, span, Traits::of),
                _ => Traits::default(),
            })
        })
    }

    fn with(self, found: Trait, is: bool) -> Traits {
        Traits(self.0 | u32::from(is) << found as u32)
    }

    /// Whether the word has this one.
    pub(super) fn has(self, asked: Trait) -> bool {
        self.0 & 1 << asked as u32 != 0
    }
}

/// A word in small letters, with straight apostrophes.
pub(super) fn lower(word: &str) -> String {
    word.to_lowercase().replace('’', "'")
}

/// Whether a verb's object is the judgement itself.
fn judges(verb: &str) -> bool {
    static STEMS: LazyLock<Vec<&str>> = LazyLock::new(|| {
        let mut stems: Vec<&str> = "accus call describ criticiz criticis blast slam condemn denounc prais defend blam dismiss reject rebuff refut mock \
             derid hail laud ridicul label liken attack fault scold chid rebuk credit thank salut back support oppos endors welcom urg demand \
             question express voic disput protest characteriz portray"
            .split_whitespace()
            .collect();
        stems.sort_unstable();
        stems
    });
    // None is the beginning of another, so that the last one not behind the verb is the only one that it may begin with.
    let behind = STEMS.partition_point(|&stem| stem <= verb);
    behind > 0 && verb.starts_with(STEMS[behind - 1])
}

/// Conjunctions of clauses.
static CONJUNCTIONS: LazyLock<WordList> =
    LazyLock::new(|| WordList::words("and but while though although"));

/// Verbs whose subject says, thinks or judges what follows.
static SPEAKING: LazyLock<WordList> = LazyLock::new(|| {
    WordList::words(
        "said say says saying told tell tells telling added adds adding noted notes noting wrote writes writing tweeted tweets tweeting \
         asked asks asking replied replies replying responded responds responding argued argues arguing insisted insists insisting \
         claimed claims claiming stated states stating declared declares declaring announced announces announcing explained explains \
         explaining warned warns warning suggested suggests suggesting acknowledged acknowledges acknowledging admitted admits \
         admitting conceded concedes conceding confirmed confirms confirming denied denies denying testified testifies testifying \
         maintained maintains maintaining contended contends contending asserted asserts asserting complained complains complaining \
         alleged alleges alleging accused accuses accusing called calls calling described describes describing urged urges urging \
         demanded demands demanding criticized criticizes criticizing criticised criticises criticising blasted blasts blasting slammed slams \
         slamming condemned condemns condemning denounced denounces denouncing praised praises praising defended defends defending \
         blamed blames blaming dismissed dismisses dismissing rejected rejects rejecting rebuffed rebuffs rebuffing refuted refutes vowed \
         vows vowing pledged pledges promised promises promising predicted predicts predicting concluded concludes concluding \
         believed believes thinks thought wants stressed stresses stressing emphasized emphasizes emphasised emphasises reiterated \
         reiterates continued continues joked jokes joking quipped quips recalled recalls recalling remarked remarks expressed expresses \
         expressing voiced voices voicing questioned questions questioning recommended recommends proposed proposes hinted hints \
         mocked mocks mocking derided derides deriding hailed hails hailing lauded lauds lauding ridiculed ridicules scoffed \
         scoffs lamented laments agreed agrees disagreed disagrees contends countered counters countering shouted yelled \
         whispered wondered wonders apologized apologizes apologised apologises observed observes protested protests pleaded pleads \
         commented comments commenting posted posts posting guessed reckons feels felt disputed disputes doubts doubted objected objects \
         fumed thundered muttered shrugged sighed boasted boasts swore swears repeated repeats \
         labeled labels labelled likened likens compared attacked attacks attacking faulted faults scolded chided \
         chides rebuked rebukes credited credits thanked thanks endorsed endorses welcomed welcomes snapped estimates estimated wishes wish wanted remembers remembered sneered growled retorted \
         guesses fears feared hopes hoped worries worried argue insist believe think say complain contend maintain warn deny claim invoked cautioned cautions advised advises assured assures \
         note reckon reckoned suggest acknowledge admit agree wonder wondering accuse criticize describe proclaimed proclaims \
         proclaim quoted cited cites citing characterized characterizes characterizing promise portray portrayed portrays portraying counter concede assert allege predict fault",
    )
});

/// What people are who hold what follows with "that": "officials are convinced that".
static CONVINCED: LazyLock<WordList> = LazyLock::new(|| {
    WordList::words(
        "concerned worried skeptical sceptical convinced confident adamant doubtful hopeful optimistic certain",
    )
});

/// Verbs that introduce words only with words: "continued the march", "wrote a book" are acts.
static NEEDS_WORDS: LazyLock<WordList> = LazyLock::new(|| {
    WordList::words(
        "continued continues wrote writes posted posts repeated repeats stressed quoted invoked answered remembered recalled",
    )
});

/// Participles that tell somebody's judgement in the passive: "was accused of".
static JUDGED: LazyLock<WordList> = LazyLock::new(|| {
    WordList::words(
        "accused criticized criticised blamed condemned denounced praised lauded hailed attacked faulted blasted slammed mocked \
         credited alleged rebuked ridiculed derided pressed urged applauded scolded chided suspected described regarded seen \
         considered believed said",
    )
});

/// What a subject that was judged meets: "faces calls to resign", "drew criticism".
static MEETING: LazyLock<WordList> = LazyLock::new(|| {
    WordList::words(
        "face faces faced facing draw drew draws drawing drawn met sparked prompted provoked",
    )
});
static JUDGEMENT: LazyLock<WordList> = LazyLock::new(|| {
    WordList::words(
        "calls criticism pressure questions accusations allegations fire praise scorn demands scrutiny applause outrage anger ridicule",
    )
});

/// People and groups without a name.
pub(super) static ROLES: LazyLock<WordList> = LazyLock::new(|| {
    WordList::words(
        "critics critic opponents opponent supporters supporter allies ally aides aide official officials lawmakers lawmaker senators \
         senator congressmen congressman congresswoman representatives source sources spokesman spokeswoman spokesperson spokespeople \
         spokesmen lawyers lawyer attorney attorneys prosecutors prosecutor analysts analyst experts expert observers observer \
         residents resident voters voter activists activist advocates advocate colleagues colleague members member people \
         many some others several few witnesses witness relatives relative neighbors neighbor neighbours workers worker leaders leader \
         executives executive insiders insider investigators investigator police authorities judge judges historians historian economists \
         economist scholars scholar diplomats diplomat advisers adviser advisors advisor staff staffers staffer commentators commentator \
         readers owners owner parents parent students student teachers teacher doctors doctor passengers passenger riders rider crew \
         friends friend rivals rival foes foe detractors backers backer campaigners campaigner petitioners regulators regulator \
         auditors auditor detectives detective politicians politician ministers minister councilors councilor councillors councillor \
         chairman chairwoman president mayor governor secretary director deputy captain coach commissioner chief expert \
         professor author activist pundits pundit columnists columnist bloggers farmers farmer employees employee tenants tenant \
         protesters protester demonstrators marchers organizers organizer organisers donors donor investors investor shareholders \
         traders trader customers customer patients patient nurses nurse unions union group groups campaign team ministry \
         department agency office committee board council company party administration government commission both most all one two three \
         another man woman men women mother father son daughter husband wife brother sister veteran veterans majority \
         minority skeptics skeptic sceptics insurers bankers retailers merchants fishermen captains shippers builders bidders bidder \
         envoy ambassador inspector inspectors treasurer clerk sheriff ranger rangers veterinarians scientists scientist researchers researcher",
    )
});

/// Things that state without speaking: "the report said" is the outlet's.
static THINGS: LazyLock<WordList> = LazyLock::new(|| {
    WordList::words(
        "report reports study studies poll polls survey surveys bill bills law laws plan plans letter letters book books brochure brochures \
         sign signs data figures article articles document documents record records statement statements memo memos order orders ruling rulings \
         indictment lawsuit lawsuits complaint complaints filing filings text texts email emails message messages story stories paper papers \
         newspaper magazine speech speeches address remarks tone estimates estimate census findings map maps act amendment policy policies budget evidence analysis audit results result letterhead agreement \
         contract contracts deal treaty resolution minutes transcript video photo photos photograph photographs picture pictures clock \
         church label labels headline headlines history tradition rules rule code codes chart table invoice invoices receipt receipts log \
         logs website site page post tweet vote votes move step decision measure proposal idea fact facts case cases it this that these those \
         which what there here one something anything nothing everything numbers number moment day year night morning weather rain wind \
         storm city town state country river building house hospital school bridge road money cost costs price prices market markets",
    )
});

/// Words that cannot be a noun before a verb.
static FUNCTION_WORDS: LazyLock<WordList> = LazyLock::new(|| {
    WordList::words(
        "a an the and or but nor so yet if when while where because although though unless until since than as of to in on at by for \
         from with without within over under about against between among through during before after above below into onto upon off \
         out up down not no never be is are was were been being do does did has have had will would can could may might shall should must \
         i you we me him her us them my your his its our their myself how why whether very too more less least much ever back away \
         simply quite rather such same other own",
    )
});

/// Verb forms that are as often nouns.
static NOUN_FORMS: LazyLock<WordList> = LazyLock::new(|| {
    WordList::words(
        "claims calls demands notes reports questions comments posts doubts promises promise charges attacks supports backs answers states \
         praises voices remarks credits labels faults thanks welcomes objects protests vows pledges hints jokes concludes accounts",
    )
});

/// Words between a subject and its verb.
static BETWEEN: LazyLock<WordList> = LazyLock::new(|| {
    WordList::words(
        "has had have having are were am also later then again earlier once twice now still already even just first quickly never not did does do \
         will would could can may might should must repeatedly previously recently reportedly openly publicly angrily initially \
         simply further soon further since was is been being on in at this last early late monday tuesday wednesday thursday \
         friday saturday sunday yesterday today morning afternoon evening night week month year jan feb march april may june july \
         august september october november december n't both all himself herself themselves long often always merely",
    )
});

static BE: LazyLock<WordList> =
    LazyLock::new(|| WordList::words("is are was were be been being gets got"));

/// Words before a role or name that are no part of it.
static DETERMINERS: LazyLock<WordList> = LazyLock::new(|| {
    WordList::words("the a an his her its their some many several both one two three")
});

/// Small words inside names.
static NAME_PARTICLES: LazyLock<WordList> =
    LazyLock::new(|| WordList::words("de la van von der den al bin del di"));

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_has_the_traits_of_its_lists_and_rules() {
        let has = |word: &str, asked: Trait| Traits::of(word).has(asked);
        assert!(has("Said", Trait::Speaking) && has("Said", Trait::Cue));
        assert!(has("according", Trait::Cue) && !has("according", Trait::Speaking));
        assert!(has("von", Trait::Particle) && !has("Von", Trait::Particle));
        assert!(has("Holt", Trait::MayBeName) && !has("Monday", Trait::MayBeName));
        assert!(has("while", Trait::Conjunction) && !has("because", Trait::Conjunction));
        assert!(has("é", Trait::Small) != has("e", Trait::Small));
    }

    #[test]
    fn a_verb_judges_by_its_stem() {
        for verb in ["accused", "called", "welcoming", "portrays", "urge", "hail"] {
            assert!(judges(verb), "{verb}");
        }
        for verb in ["", "a", "said", "acc", "wel", "zoomed", "calm", "backing"] {
            assert_eq!(judges(verb), verb == "backing", "{verb}");
        }
    }
}
