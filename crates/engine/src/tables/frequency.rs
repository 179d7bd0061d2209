//! How often characters are in texts, about: it decides which of them are looked at, and has an influence on speed alone.

use std::sync::OnceLock;

/// Frequent characters of both scripts, the most frequent first, as counted in texts of many kinds: manuals, fiction, law, news
/// and speeches. They have an influence on speed alone.
const FREQUENT: &str = "\
    的一是有在不个個用會会人以這这中为了我來来之可為要定時时行法大如到上式下他們们出件能國国年所於于或使\
    方得對对事你數数台也與与臺道應应其作文議议員员和本及成发政關关後后就發將将程生者理地前資资说說分面家\
    動动表此民同第自多項项公過过設设長长開开并選选子当當統统進进果建字提並市主新而入案位內内回工業业日實\
    实都部因些相務务性只去經经二制指但示間间名更小全機机列請请那總总三見见何目十現现里元處处體体由已立外\
    區区像重問问合物府加取意學学看無无沒没例别別正最標标代任然化被好参參等器心接型料通明從从兩两點点它類\
    类單单計计包安值灣湾系條条結结變变您么題题管做期知天需該该度起保存執执樣样原情規规南至高著服力各路置\
    還还傳传檔档組组院解次常便則则特把展先金麼向很義义今查产產運运裡格令屬属讓让報报命必非供想種种碼码未\
    教改具基算四圖图除求容月每告網网連连記记整受社委辦办書书訊讯調调官權权手平比又放身頭头再話话場场交完\
    局模認认才依且水五序言支範范許许叫稱称語语信利收引共始預预構构給给量助轉转頁页視视录錄打少電电清直編\
    编決决專专口持证證空须修門门顯显檢检確确須老线據据線導导論论號号考活色形段戶户望東东真影含跟功邊边住\
    裝装輸输配強强源即準准山复否商寫写萬万众軍军馬马送眾裏效況况育符聽听函端達达限際际施注美陳陈版創创試\
    试舉举步百護护協协造職职環环節节聲声推团集團若態态启李反卻却增兒儿林續续素候備备流爲華华換换狀状核希";

/// How often a character that is not frequent is in texts, beside 50,000 for the most frequent one.
pub(super) const SELDOM: u64 = 200;
/// The sum over all characters of a text.
pub(super) const ALL: u64 = 4_200_000;

/// The frequent characters, and how often each is in texts, beside [`SELDOM`].
pub(super) fn frequent() -> impl Iterator<Item = (char, u64)> {
    FREQUENT.chars().enumerate().map(|(rank, character)| (character, 1_000_000 / (rank as u64 + 20)))
}

/// How often a character is in texts, beside [`SELDOM`]. The first call takes some microseconds.
pub(super) fn frequency(character: char) -> u64 {
    static TABLE: OnceLock<Vec<u16>> = OnceLock::new();
    const FIRST: u32 = 0x4e00;
    let table = TABLE.get_or_init(|| {
        let mut table = vec![SELDOM as u16; 0x5200];
        for (character, frequency) in frequent() {
            if let Some(place) = table.get_mut((u32::from(character) - FIRST) as usize) {
                *place = frequency as u16;
            }
        }
        table
    });
    let place = u32::from(character).checked_sub(FIRST).and_then(|place| table.get(place as usize));
    place.map_or(SELDOM, |&frequency| frequency.into())
}
