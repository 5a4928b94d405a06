//! Networks: looked at, fetched, imported, chosen while it paints.

use std::{
    io::Write as _,
    net::{TcpListener, TcpStream},
    sync::atomic::{AtomicUsize, Ordering},
};

use impasto::{
    network::{Network, Normalization, WeightsKind},
    vgg::weights::{Convolution, Fetch},
};
use md5::{Digest as _, Md5};

use crate::{
    http_head::read_head,
    made_weights::{by_layer, made_weights},
};

use super::support::*;

/// VGG-19 as far as `relu3_4` with torchvision's names, which do not tell the family: a small file.
fn weights_file(folder: &Path, named: impl Fn(usize, &Convolution) -> String) -> PathBuf {
    made_weights(folder.join("weights.safetensors"), 8, named, |_| 1.0)
}

fn by_place(index: usize, _: &Convolution) -> String {
    format!("features.{}", [0, 2, 5, 7, 10, 12, 14, 16][index])
}

/// Serves one file by ranges, slowly; says how many requests came.
struct Server {
    fetch: Fetch,
    requests: Arc<AtomicUsize>,
}

impl Server {
    fn new(file: &Path, pause: Duration) -> Self {
        let body = Arc::new(std::fs::read(file).unwrap());
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = format!("http://{}/weights", listener.local_addr().unwrap());
        let requests = Arc::<AtomicUsize>::default();
        let counted = Arc::clone(&requests);
        let fetch = Fetch {
            // Not the name in Keras' own cache.
            name: "weights-of-this-test.bin".to_owned(),
            mirrors: vec![address],
            bytes: body.len() as u64,
            md5: format!("{:x}", Hex(Md5::digest(&*body).to_vec())),
            idle: Duration::from_secs(20),
            attempts: 3,
            pause: Duration::from_millis(1),
        };
        let serve = move || {
            for stream in listener.incoming() {
                counted.fetch_add(1, Ordering::SeqCst);
                // A client that leaves is none of the server's business.
                drop(stream.and_then(|stream| answer(stream, &body, pause)));
            }
        };
        std::thread::Builder::new().spawn(serve).unwrap();
        Self { fetch, requests }
    }
}

struct Hex(Vec<u8>);

impl std::fmt::LowerHex for Hex {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

fn answer(mut stream: TcpStream, body: &[u8], pause: Duration) -> std::io::Result<()> {
    let (_, range) = read_head(&mut stream)?;
    let start = range.unwrap_or(0);
    let (last, total) = (body.len() - 1, body.len());
    let status = match range {
        Some(_) => format!("206 Partial Content\r\nContent-Range: bytes {start}-{last}/{total}"),
        None => "200 OK".to_owned(),
    };
    let length = total - start;
    write!(
        stream,
        "HTTP/1.1 {status}\r\nContent-Length: {length}\r\n\r\n"
    )?;
    for piece in body[start..].chunks(100_000) {
        stream.write_all(piece)?;
        std::thread::sleep(pause);
    }
    Ok(())
}

fn window(fetch: Option<Fetch>) -> (Window, PathBuf) {
    let folder = tempfile::tempdir().unwrap().keep();
    let weights = folder.join("kept");
    let window = Window::open_with(|options| {
        options.weights_folder = Some(weights.clone());
        options.fetch = fetch;
    });
    (window, folder)
}

fn open(window: &mut Window) {
    // Followed by the network in use, by its full name while it paints.
    starting_with(window, Role::Button, "Networks: ");
    let end = Instant::now() + PATIENCE;
    while !window.shows("CC BY 4.0") {
        assert!(Instant::now() < end, "the list did not come");
        window.harness.step();
        std::thread::sleep(Duration::from_millis(5));
    }
}

fn wait_for(window: &mut Window, text: &str) {
    let end = Instant::now() + PATIENCE;
    while !window.shows(text) {
        assert!(Instant::now() < end, "waited in vain for: {text}");
        window.harness.step();
        std::thread::sleep(Duration::from_millis(5));
    }
    window.steps(2);
}

fn look(window: &mut Window, row: &str) {
    starting_with(window, Role::RadioButton, row);
}

/// Clicks the widget whose name begins so.
fn starting_with(window: &mut Window, role: Role, beginning: &str) {
    window
        .harness
        .query_all_by_role(role)
        .find(|node| {
            let label = node.accesskit_node().label();
            label.is_some_and(|label| label.starts_with(beginning))
        })
        .unwrap()
        .click();
    window.steps(3);
}

fn clean(window: Window, folder: &Path) {
    drop(window);
    std::fs::remove_dir_all(folder).unwrap();
}

#[test]
fn the_list_tells_origin_license_digest_family_size_and_place() {
    let (mut window, folder) = window(None);
    open(&mut window);
    for fact in [
        "Visual Geometry Group",
        "CC BY 4.0",
        "28e7d7a5acb302aec00108d4660e1029371da4bb1a0c22d9d056ceeaf0100832",
        "Oxford: colors 0 to 255",
        "29432368 bytes",
        "inside the program",
        "In use",
    ] {
        assert!(window.shows(fact), "{fact}");
    }
    look(&mut window, "VGG-19, 80 MB download");
    for fact in [
        "storage.googleapis.com",
        "80134624 bytes",
        "253f8cb515780f3b799900260a226db6",
        "Nothing about you",
    ] {
        assert!(window.shows(fact), "{fact}");
    }
    for node in window.harness.root().children_recursive() {
        let node = node.accesskit_node();
        let named = [
            Role::Button,
            Role::RadioButton,
            Role::CheckBox,
            Role::SpinButton,
        ];
        if named.contains(&node.role()) {
            let name = node.label().unwrap_or_default();
            assert!(!name.trim().is_empty(), "a {:?} has no name", node.role());
        }
    }
    window.click("Close");
    assert!(!window.shows("For the curious"));
    clean(window, &folder);
}

#[test]
fn vgg19_is_fetched_paused_resumed_and_used_while_it_paints() {
    let place = tempfile::tempdir().unwrap();
    let file = weights_file(place.path(), by_layer);
    let server = Server::new(&file, Duration::from_millis(30));
    let (mut window, folder) = window(Some(server.fetch.clone()));
    window.set(|settings| {
        // What the small file has.
        settings.style_layers = [("relu3_1".parse().unwrap(), 1.0)].into_iter().collect();
        settings.content_layers = [("relu3_1".parse().unwrap(), 1.0)].into_iter().collect();
    });
    window.start();
    open(&mut window);
    look(&mut window, "VGG-19");
    window.click("Get VGG-19 (9 MB)");
    wait_for(&mut window, " of 9 MB");
    window.click("Pause download");
    wait_for(&mut window, "Paused at");
    let part = folder.join("kept/weights-of-this-test.bin.part");
    let there = std::fs::metadata(&part).unwrap().len();
    assert!(there > 0 && there < server.fetch.bytes);
    assert_eq!(window.app().phase(), Phase::Running, "the run goes on");
    window.click("Resume download");
    window.wait("VGG-19", |app| app.settings().network == Network::Vgg19);
    assert_eq!(server.requests.load(Ordering::SeqCst), 2);
    assert!(!part.exists());
    wait_for(&mut window, "VGG-19 has been downloaded and is in use.");
    wait_for(&mut window, "cut short after relu3_4");
    // The run goes on with it, at the step where it was.
    let step = window.app().step();
    window.wait("steps", |app| app.step() > step + 2);
    assert_eq!(window.app().phase(), Phase::Running);
    assert!(window.app().error().is_none());
    assert!(!window.shows("at the next start"));
    window.click("Verify");
    wait_for(&mut window, "The file is intact: its digest matches.");
    let kept = folder.join("kept/vgg19-oxford.safetensors");
    assert!(kept.exists());
    window.click("Remove…");
    window.click("Remove from this computer");
    window.wait("VGG-16 again", |app| {
        app.settings().network == Network::Vgg16
    });
    assert!(!kept.exists());
    clean(window, &folder);
}

#[test]
fn a_canceled_download_leaves_nothing() {
    let place = tempfile::tempdir().unwrap();
    let file = weights_file(place.path(), by_layer);
    let server = Server::new(&file, Duration::from_millis(50));
    let (mut window, folder) = window(Some(server.fetch.clone()));
    open(&mut window);
    look(&mut window, "VGG-19");
    window.click("Get VGG-19 (9 MB)");
    wait_for(&mut window, " of 9 MB");
    window.click("Cancel download");
    wait_for(&mut window, "Get VGG-19 (9 MB)");
    let end = Instant::now() + PATIENCE;
    let part = folder.join("kept/weights-of-this-test.bin.part");
    while part.exists() {
        assert!(Instant::now() < end, "the part stayed");
        window.steps(1);
        std::thread::sleep(Duration::from_millis(5));
    }
    clean(window, &folder);
}

#[test]
fn offline_is_said_and_vgg16_goes_on() {
    let place = tempfile::tempdir().unwrap();
    let file = weights_file(place.path(), by_layer);
    let mut fetch = Server::new(&file, Duration::ZERO).fetch;
    let nobody = TcpListener::bind("127.0.0.1:0").unwrap();
    fetch.mirrors = vec![format!("http://{}/weights", nobody.local_addr().unwrap())];
    drop(nobody);
    let (mut window, folder) = window(Some(fetch));
    open(&mut window);
    look(&mut window, "VGG-19");
    window.click("Get VGG-19 (9 MB)");
    wait_for(&mut window, "this computer seems to be offline");
    assert!(window.shows("VGG-16 is inside the program"));
    window.click("Close");
    window.start();
    assert_eq!(window.app().settings().network, Network::Vgg16);
    clean(window, &folder);
}

#[test]
fn a_dropped_file_is_imported_after_its_family_is_asked() {
    let (mut window, folder) = window(None);
    let file = weights_file(&folder, by_place);
    let picture = picture_file(&folder, "with.png", 40, 30);
    window.harness.hover_at(egui::pos2(400.0, 400.0));
    window.drop_files(&[&file, &picture]);
    window.wait("the picture", |app| {
        app.pictures().0.as_deref() == Some("with.png")
    });
    wait_for(
        &mut window,
        "Which training does weights.safetensors come from?",
    );
    window.click("torchvision (PyTorch)");
    wait_for(&mut window, "vgg19-torchvision has been imported.");
    wait_for(&mut window, "torchvision: colors by mean and deviation");
    assert!(window.shows("it can be used as far as relu3_4"));
    assert_eq!(
        window.app().settings().network,
        Network::Vgg16,
        "not unasked"
    );
    window.set(|settings| {
        settings.style_layers = [("relu2_1".parse().unwrap(), 1.0)].into_iter().collect();
        settings.content_layers = [("relu3_4".parse().unwrap(), 1.0)].into_iter().collect();
        settings.network = Network::Vgg19;
        settings.weights = None;
    });
    look(&mut window, "vgg19-torchvision");
    window
        .harness
        .query_all_by_role_and_label(Role::Button, "Use this network")
        .next()
        .unwrap()
        .click();
    window.steps(4);
    assert!(window.shows("In use"));
    let weights = window.app().settings().weights.clone().unwrap();
    assert_eq!(weights, folder.join("kept/vgg19-torchvision.safetensors"));
    window.click("Close");
    window.start();
    assert!(window.app().error().is_none());
    // A layer that the file does not have: refused, and the run goes on as it was.
    window.set(|settings| {
        settings.style_layers.set("relu5_1".parse().unwrap(), 1.0);
    });
    wait_for(&mut window, "end at relu3_4");
    let step = window.app().step();
    window.wait("more steps", |app| app.step() > step + 2);
    clean(window, &folder);
}

#[test]
fn a_network_that_cannot_be_had_is_refused_and_the_choice_goes_back() {
    let (mut window, folder) = window(None);
    window.start();
    window.set(|settings| settings.weights = Some(PathBuf::from("/nowhere/vgg.pth")));
    window.wait("the error", |app| app.error().is_some());
    assert!(window.app().error().unwrap().contains("/nowhere/vgg.pth"));
    assert_eq!(window.app().settings().weights, None);
    let step = window.app().step();
    window.wait("more steps", |app| app.step() > step + 2);
    assert_eq!(window.app().phase(), Phase::Running);
    clean(window, &folder);
}

#[test]
fn random_filters_are_chosen_and_normalized_while_it_paints() {
    let (mut window, folder) = window(None);
    window.start();
    open(&mut window);
    look(&mut window, "Random filters");
    window.click("Use this network");
    assert_eq!(window.app().settings().weights_kind, WeightsKind::Random);
    window.harness.get_by_label("Normalize filters").click();
    window.steps(3);
    assert_eq!(window.app().settings().normalization, Normalization::Gatys);
    window.click("Close");
    wait_for(&mut window, "Random VGG-16 (He, seed 1), normalized.");
    let step = window.app().step();
    window.wait("more steps", |app| app.step() > step + 2);
    assert!(window.app().error().is_none());
    clean(window, &folder);
}
