//! What gives a language away: the little words nobody writes without, and the letters beyond a to z. Languages written in
//! Latin letters only; the others show by their script. `-nya` is how words end, `meng-` how they begin: languages that build
//! their little words into the big ones have no other trace in a short text.
//!
//! Turkish has ý, þ and ð too: so it looks where somebody read it in the wrong code page, and much of what goes around does.

/// Tag, letters beyond a to z, frequent words.
pub(super) const LATIN: &[(&str, &str, &str)] = &[
    (
        "en",
        "é",
        "the and to of is you that it for my with this are be have was not your just but at what so they we can do \
     from will an if how when who all out get been would there their she he has his her i'm it's don't by on in as about \
     -ing -tion -ness -ly -ght -ment th- wh-",
    ),
    (
        "de",
        "äöüß",
        "der die das und ich ist nicht ein eine es mit zu den auf von für sich dem im wir auch so wie aber hat noch \
     bei nur wenn oder mir mich dass nach kann schon was war wird mal sind habe kein aus zum zur über doch mein du einen \
     ver- -ung -lich -keit -isch -chen -eit -ung sch- -cht -ben",
    ),
    (
        "fr",
        "àâæçéèêëîïôœùûü",
        "le la les des et est je un une pas que qui dans pour ce sur avec plus au il elle on nous vous mais ne \
     du en se son sa ses tout c'est j'ai mon ma mes moi toi fait bien comme ça aussi être très sont suis d'un quand",
    ),
    (
        "it",
        "àèéìòù",
        "il di che è la per un non una sono con mi ma del della come più gli anche si ho questo questa alla al dei \
     da le lo io se ci nel nella tutto ha chi solo poi perché cosa quando fatto fare molto oggi essere delle hai",
    ),
    (
        "es",
        "áéíñóúü",
        "el la de que y en los por un con no una su para es al lo del las se me mi más pero te tu le ya si qué \
     como esta este muy está todo son yo cuando hay eso porque nos ser hoy estoy sin soy tengo hasta así eres tan",
    ),
    (
        "pt",
        "ãáàâçéêíõóôú",
        "o de que e do da em um para é com não uma os no se na por mais as dos como mas ao das seu sua eu meu minha \
     você me muito já isso ele ela foi tem só está vai nem são ser gente vou pra tá pro hoje quando estou esse essa",
    ),
    (
        "nl",
        "éëïöü",
        "de het een van ik en is niet dat op te in voor met zijn die er aan maar ook om als dan nog naar je wat bij \
     heb heeft was wel kan deze dit wordt mijn geen door over uit zo worden al ze we hij hebben jij goed \
     ver- -ing -lijk -heid -tjes -den -aar -tie",
    ),
    (
        "sv",
        "åäöé",
        "och att det som en på är av för med jag den inte till har om ett vi så kan var från men när ska de han \
     mig nu hur vad eller också alla där man bara efter vid mycket sig din du här över under dem någon \
     -tion -het -lig -ade -orna -arna -else -ning hon bara ja nej dag göra säger sedan ha gång själv sin kommer hade sina varit nya år igen",
    ),
    (
        "tr",
        "âçğıîöşüýþð",
        "bir ve bu için çok ne da de ile ben sen o gibi daha var yok ama değil mi en kadar olan olarak her ya benim \
     ki sonra bana seni beni nasıl şey iyi hiç artık niye neden oldu olsun biz siz şimdi diye bunu mı \
     -lar -ler -dan -den -dır -dir -yor -mak -mek -ları -leri -ında -inde -ının -inin -lık -lik -dı -di -sın -sin",
    ),
    (
        "vi",
        "àáâãèéêìíòóôõùúýăđĩũơư",
        "và là của không có cho được một người này với các trong những tôi đã khi thì để về ở em anh mà bạn cũng như \
     nhưng rất lại đi ra nhiều ai sẽ làm gì phải đến \
     ng- tr- ph- kh-",
    ),
    (
        "da",
        "æøåé",
        "og i det at en den til er som på de med han af for ikke der var mig sig men et har om vi havde nu fra du ud \
     sin dem os op hvad når efter hvor kan også jeg blev meget være eller bliver skal lige godt noget uden hvis fik mere sige \
     -tion -hed -lig -ede -igt -øj -ej -gen -eren -erne -else hun bare ja nej dag kun gøre siger sagde godt",
    ),
    (
        "nb",
        "æøåé",
        "og i det er på en til som for at med har av ikke den jeg om et men de han så fra var vi kan også hva når \
     ble etter hvor meg deg seg bli noe mye eller være blir skal nå ut opp bare alle veldig sier hun litt går dere bra mer \
     -sjon -het -lig -ede -ene -ane -øy -ei -ing -else -asjon hun jeg ikke nei ja dag bare gjøre siden fra ha gang selv sin",
    ),
    (
        "is",
        "áéíóúýþæöð",
        "og að það er ekki sem ég í á til við um en með var þú hann af fyrir þetta mér svo því hún eru frá \
     þá hafa verið bara eftir vera upp þeir",
    ),
    (
        "fi",
        "äöå",
        "ja on ei että se oli hän mutta ovat kun niin myös joka sen minä ole nyt vain tai jos kuin mitä olen kanssa \
     tämä sitä vielä hyvin koska sitten mun sun mä sä olisi voi joka ollut jo mukaan ettei olla \
     -ssa -ssä -sta -stä -lla -llä -lta -ltä -lle -een -ään -iin -uun -aan -nen -sti -ksi -mme -vat -vät -tte -tta -ttä -isen -jen -den -iden -kaan -kin -inen -uu -yy -ää -aa -ii hei moi",
    ),
    (
        "et",
        "äöõüšž",
        "ja on ei et see oli ta aga kui ka mis ning või oma seda mina kes siis nii ma sa pole ole veel välja \
     väga eesti olen saab mul peab juba nagu pärast aasta tema \
     -sse -st -ga -tud -mine -misele -le -ks -vad -nud -sid -dele -ele -ud",
    ),
    (
        "lv",
        "āčēģīķļņšūž",
        "un ir ka ar par no uz tas kas nav bet lai arī pēc vai kā es to tā pie tikai viņš jau līdz gan bija \
     kad tiek būs ļoti vēl tam man tev savu",
    ),
    (
        "lt",
        "ąčęėįšųūž",
        "ir kad yra su tai į bet ne kaip iš dėl o aš jis jo ar tik bus po prie buvo už nuo apie jau taip \
     labai kuris kai gali pat dar savo jų nėra man",
    ),
    (
        "pl",
        "ąćęłńóśźż",
        "i w na nie się z do to że jest jak o a co tak po ale od za jego przez dla już tylko czy był może przy \
     tego ma są go jestem mam mnie mi będzie ja ty też bardzo bo gdy jej który które być oraz \
     -ego -ych -ość -ski -ska -nie -cie -ach -ami -emu -ów -owa -sz -cz cz- prz- wsz-",
    ),
    (
        "cs",
        "áčďéěíňóřšťúůýž",
        "a se v na je že to s z do o ne i jsem ale za jako si by co tak jak už pro jen jsou který od po který \
     bylo aby která byl při podle není také jeho nebo když ještě mezi které ji mě jsme \
     -ého -ých -ost -ský -ská -ní -ách -ami -ému -ů př- -ová -jí",
    ),
    (
        "sk",
        "áäčďéíĺľňóôŕšťúýž",
        "a sa v na je že to s z do o nie i som ale za ako si by čo tak už pre len sú ktorý od po bolo aby ktorá \
     bol pri podľa tiež jeho alebo keď ešte medzi ktoré môže sme",
    ),
    (
        "hu",
        "áéíóöőúüű",
        "a az és hogy nem is egy ez meg de csak van volt már ha mint még el kell én te azt ami lesz vagy ezt \
     után nagyon minden pedig jó most majd sem mert lehet amely itt szerint volna \
     -nak -nek -ban -ben -ság -ség -ból -ből -hoz -val -vel -tak -tek -ok -ek -kor sz- gy-",
    ),
    (
        "ro",
        "ăâîșțşţ",
        "și de la în nu a cu pe că este mai din o un pentru sunt ce care am fost dar le lui au va sa să fi \
     si ca in dacă după prin până fie foarte acest această când ai mi sau ale \
     -ului -ilor -ele -ții -ția -ească -ând -ul -rea",
    ),
    (
        "hr",
        "čćđšž",
        "i je u da na se za su od ne što to s kao o koji će ali bi sam samo iz nije kako ili ja mi ti već kada po \
     bio bila biti koje smo još sve može bez ako sa nema",
    ),
    (
        "sl",
        "čšž",
        "in je da se na v za so ki bi pa z ni kot po tudi od še s sem kako iz ali le pri do ta če bo ne lahko \
     ker bil sta smo zelo kaj več kjer bilo",
    ),
    (
        "sq",
        "çë",
        "të e në një dhe për me nuk që është së i nga ka u si do por se kjo ky më janë edhe ishte prej duke mund \
     kam jam unë",
    ),
    (
        "ca",
        "àçèéíïòóúü",
        "el la de que i en els les per un amb no una és del al però com més ha són dels molt aquesta aquest també \
     seva tot hi què jo està fer avui sense perquè vaig ens",
    ),
    (
        "id",
        "",
        "yang dan di itu dengan untuk tidak ini dari dalam akan pada juga saya ke karena ada bisa kita sudah atau aku \
     kamu dia mereka oleh saat lebih telah seperti kalau banyak belum gak yg nya anda para tersebut hanya jadi satu tahun \
     -nya -kan -ngan -lah meng- mem- men- ber- ter- per- peng- -ang -ung lagi orang hari banget udah aja mau sih kok ga nih dong apa siapa semua baru jangan masih terima kasih agar secara sebagai menjadi maka bagi namun",
    ),
    (
        "tl",
        "ñ",
        "ang ng sa na mga ay hindi ako ko mo ka siya ito kung para may kasi lang naman ba po din pa nang yung wala \
     niya kayo sila kami talaga \
     pag- mag- nag- ka- -an -ng naka- maka- pina-",
    ),
    (
        "sw",
        "",
        "na ya wa kwa ni za katika la hii kuwa cha hiyo au kama yake lakini hapa sana watu tu huo pia baada",
    ),
    (
        "hi-Latn",
        "",
        "hai ka ki ke nahi ko se mein bhi kya aur hi ho tha thi ye yeh woh kar nhi toh apne mera main hain raha koi \
     kuch liye sab hum tum ek bahut kyu kyun par pe jai jo sirf ab bhai aap wo agar diya rahe gaya kiya karo",
    ),
];
