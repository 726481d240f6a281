//! Whether somebody is "he" or "she", as given names, nouns and titles tell it.
//!
//! Given names are those that English-language newspapers use clearly of one gender; names borne by both (Dana, Kim, Robin,
//! Jordan) are left out on purpose, and an unknown name counts as either.

use std::sync::LazyLock;

use crate::text::words::WordList;

/// Which pronouns stand for a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Gender {
    /// She, her, hers, herself.
    She,
    /// He, him, his, himself.
    He,
}

/// The gender a noun or title tells.
pub(super) fn noun_gender(word: &str) -> Option<Gender> {
    if WOMAN_NOUNS.contains(word) {
        Some(Gender::She)
    } else if MAN_NOUNS.contains(word) {
        Some(Gender::He)
    } else {
        None
    }
}

/// The gender a given name tells.
pub(super) fn given_gender(name: &str) -> Option<Gender> {
    let name = name.to_lowercase();
    if WOMEN.contains(&name) {
        Some(Gender::She)
    } else if MEN.contains(&name) {
        Some(Gender::He)
    } else {
        None
    }
}

/// The gender the first word of a full name tells.
pub(super) fn name_gender(name: &str) -> Option<Gender> {
    let mut words = name.split_whitespace();
    let given = words.next().filter(|_| words.next().is_some())?;
    given_gender(given)
}

/// Given names of women.
static WOMEN: LazyLock<WordList> = LazyLock::new(|| {
    WordList::words(
        "abigail ada adela adele adriana agatha agnes aisha alberta alejandra alexandra alexandria alice alicia alina alison allison alma \
         amalia amanda amber amelia amina amy ana anastasia andrea angela angelica angelina anita ann anna annabel anne annette \
         annie antonia aretha ariana astrid audrey aurora ava barbara beatrice beatriz becky belinda bernadette bernice bertha \
         beth bethany betsy betty beverly bianca birgit blanca bonnie brenda brianna bridget brigitte brittany camila camilla candace \
         carla carlotta carmen carol carole carolina caroline carolyn cassandra catalina catherine cathy cecilia celeste \
         celia charlene charlotte chelsea cheryl chiara chloe christa christina christine claire clara clarissa claudia colette colleen \
         connie constance consuelo cora cordelia corinne cristina cynthia dagmar daisy daniela danielle daphne darlene deanna debbie deborah \
         debra deirdre delia della denise diana diane dianne dolores donna dora doreen doris dorothea dorothy edith edna edwina eileen \
         elaine eleanor elena elisa elisabeth elise eliza elizabeth ella ellen elsa elsie emilia emily emma erica erika erin \
         ernestine esmeralda esperanza estella estelle esther ethel eugenia eunice eva evelyn faith fatima faye felicia fiona flora \
         florence frances francesca frieda gabriela gabriella gabrielle gail genevieve georgia georgina geraldine gertrude gina ginny \
         giovanna gisela giulia gladys gloria grace graciela greta gretchen guadalupe gwen gwendolyn hannah harriet hattie hazel \
         heather heidi helen helena helga henrietta hilda hillary holly hope ida ilse imelda imogen ina ines inez inga inge \
         ingrid irene iris irma isabel isabella isabelle ivanka ivy jacqueline jane janet janice janine jasmine jeanette \
         jeanne jeannie jen jenna jennifer jenny jessica jill joan joanna joanne jocelyn johanna josefina josephine joy joyce juanita \
         judith judy julia juliana julie juliet june kamala karen karin karina karla kate katharine katherine kathleen kathryn kathy \
         katie katja katrina kayla kirsten kirstjen kristen kristin kristina laetitia laila lara larissa laura lauren lea \
         leah leila lena leona leonora leticia letitia lidia lila lillian lily linda lisa lise lois lola lorena loretta lori lorna lorraine \
         lotte louisa louise lucia lucille lucinda lucy luisa luz lydia lynda lynette lynne mabel madeleine madeline maggie magdalena \
         maia maja mandy manuela mara marcella marcia margaret margarita margot maria mariah mariam mariana marianne maribel marie \
         marilyn marina marisa marisol marjorie marlene marsha marta martha martina mary matilda maud maureen mavis maxine maya meera megan \
         meghan melanie melania melinda melissa mercedes meredith mia michaela michele michelle mildred millie mina minerva \
         miranda miriam moira molly mona monica monique muriel myra myrna nadia nancy naomi natalia natalie natasha nell nellie \
         nicola nicole nina nora noreen norma octavia odette odile olga olive olivia opal ophelia pamela patricia patsy patty \
         paula paulette pauline pearl peggy penelope penny petra philippa phoebe phyllis pilar polly priscilla priya rachel ramona \
         raquel rebecca regina renata renee rhoda rhonda rita roberta rocio ronna rosa rosalie rosalind rosalyn rosario rose rosemary \
         roxanne ruby ruth sabina sabrina sadie sally samantha sandra sara sarah selena selma serena sharon \
         sheila sherry shirley sibyl silvia simone sofia sonia sophia sophie stacey stella stephanie sue susan susana susanna \
         susanne susie suzanne sybil sylvia tabitha tamara tammy tanya tara tatiana teresa tessa thelma theresa therese tiffany \
         tina trudy ulrike ursula valentina valeria valerie vanessa vera verena veronica vicki victoria viola violet virginia \
         vivian viviana vivienne wanda wendy wilhelmina wilma winifred xenia ximena yasmin yolanda yvette yvonne zelda zoe zoë zora",
    )
});

/// Given names of men.
static MEN: LazyLock<WordList> = LazyLock::new(|| {
    WordList::words(
        "aaron abdul abe abel abraham adam adolf adrian ahmad ahmed al alan albert alberto aldo alejandro alessandro alexander alexei \
         alfonso alfred alfredo ali alistair allan allen alonzo alvaro alvin amir amos anatoly anders andre andreas andres andrew \
         andrey andy angus anthony anton antonio archibald ari arjun armando arnold art arthur arturo arvid ashraf august augustus \
         axel barack barney barry bart ben benedict benito benjamin bennett bernard bernardo bernie bert bill billy bjorn bob bobby \
         boris brad bradley brandon brendan brent brett brian bruce bruno bryan byron caleb calvin carl carlo carlos carlton cecil \
         cedric cesar chad charles charlie chester christian christoph christopher chuck clarence claude clayton clement cliff clifford \
         clint clinton clive clyde cody colin conor conrad cornelius craig curtis cyril cyrus dan daniel danny darrell darren darryl dave \
         david dean declan dennis denny derek desmond devin dexter diego dieter dimitri dirk dmitri dominic don donald doug douglas duane \
         duncan dustin dwayne dwight earl ebenezer ed eddie edgar edmund eduardo edward edwin efrain eli elias elijah elliot elliott ellis elmer \
         elon emanuel emil emilio emmanuel emmett enrique erasmus eric erich erik ernest ernesto ernie esteban ethan eugene evan everett ezra \
         fabian felipe felix ferdinand fernando fidel floyd francisco frank franklin franz fred freddie frederic frederick \
         friedrich fritz gabriel gareth garrett garth gary gavin gene geoff geoffrey george gerald gerard gerardo gerhard gideon gilbert giles gino \
         giorgio giovanni giuseppe glenn godfrey gordon graham grant greg gregg gregory guillermo gunnar gunther gus gustav gustavo guy hal hank \
         hans harold harrison harry hartley harvey hassan hector heinrich helmut henri henrik henry herb herbert herman hiram homer horace \
         horst hosea howard hubert hugh hugo humberto hussein ian ibrahim ignacio igor isaac isaiah ismail ivan ivo jack jackson jacob jacques \
         jake jakob jamal james jared jason javier jay jed jeff jefferson jeffrey jens jeremiah jeremy jerome jerry jesus jim jimmy \
         joachim joaquin joe joel johan johann john johnny jon jonah jonas jonathan jorge jose josef joseph josh joshua juan julian julio \
         julius jurgen justin karl keith ken kenneth kent kevin khalid kirk klaus konrad kurt kyle lamar lance larry lars lawrence lazaro \
         leif lemuel len leo leon leonard leonardo leopold leroy lester lev levi lewis liam linus lionel lloyd lorenzo lothar louis lucas \
         luca lucius ludwig luigi luis lukas luke luther mack magnus malcolm manfred manuel marc marcel marcelo marco marcos marcus mario marius \
         mark markus marshall martin marty marvin mateo mathias mats matt matteo matthew matthias maurice mauricio max maximilian maxwell \
         mel melvin michael michel miguel mikael mike mikhail miles milo milton mitch mitchell mitt mohamed mohammad mohammed mohammad monty \
         morris mortimer moses muhammad murray mustafa nathan nathaniel ned neil nelson niall nicholas nick nicolas niels nigel nikolai nils \
         noah norbert norman octavio olaf ole oleg oliver omar orlando oscar oskar osvaldo oswald otis otto owen pablo paco patrick paul pavel \
         pedro percy perry pete peter phil philip philippe phillip pierre piet pieter quentin rafael rahul raj ralph ramon randall randolph randy \
         raoul raul ravi ray raymond reginald reinhard reuben rex reynaldo rich richard rick ricky rob robert roberto rod roderick rodney \
         rodolfo rodrigo roger roland rolf roman ron ronald ronnie roosevelt rory roscoe ross roy ruben rudolf rudolph rudy rufus rupert russ \
         russell ryan salvador salvatore samir sam samuel santiago saul scott sean sebastian sergei sergey sergio seth seymour shane shawn sidney \
         sigmund silas silvio simon sol solomon spencer stan stanley stefan stephan stephen steve steven stewart stuart sven tariq ted terence \
         terrence thaddeus theo theodore thomas tim timothy tobias todd tom tomas tommy tony travis trent trevor troy tyler tyrone ulrich \
         ulysses umberto vance vernon victor vijay viktor vince vincent virgil vito vlad vladimir wade waldo walker wallace walt walter warren wayne \
         wendell werner wesley wilbur wilfred wilhelm will willard william willie winston wolfgang woodrow xavier yuri yusuf zachary zack",
    )
});

/// Nouns and titles for a woman.
static WOMAN_NOUNS: LazyLock<WordList> = LazyLock::new(|| {
    WordList::words(
        "mrs ms miss mme madam dame lady queen princess duchess baroness countess empress woman girl mother mom mum grandmother \
         stepmother daughter stepdaughter granddaughter sister wife widow aunt niece girlfriend heiress actress hostess waitress \
         congresswoman councilwoman assemblywoman alderwoman chairwoman spokeswoman businesswoman saleswoman policewoman \
         congresswoman forewoman noblewoman frontwoman anchorwoman stateswoman laywoman nun abbess schoolgirl seamstress bride \
         housewife midwife mistress goddess ex-wife",
    )
});

/// Nouns and titles for a man.
static MAN_NOUNS: LazyLock<WordList> = LazyLock::new(|| {
    WordList::words(
        "mr sir lord king prince duke baron emperor man boy father dad grandfather stepfather son stepson grandson brother husband \
         widower uncle nephew boyfriend congressman councilman assemblyman alderman chairman spokesman businessman salesman \
         policeman fireman foreman nobleman frontman anchorman statesman layman monk abbot pope priest schoolboy groom waiter gentleman \
         guy fellow fisherman gunman cameraman doorman craftsman clergyman ombudsman handyman mailman postman repairman tradesman \
         horseman ex-husband bachelor",
    )
});
