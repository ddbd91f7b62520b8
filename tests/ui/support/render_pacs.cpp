// Draws the windows of ui/pacs with a server that runs, to look at (render_pacs HOST PORT AE FILM FOLDER).
#include <QApplication>
#include <QComboBox>
#include <QLabel>
#include <QPushButton>
#include <QTemporaryDir>
#include <QTest>
#include <QThreadPool>

#include "core/io/image_reader.h"
#include "tests/ui/support/sample_findings.h"
#include "ui/pacs/pacs_window.h"
#include "ui/pacs/send_dialog.h"
#include "ui/pacs/server_dialog.h"
#include "ui/pacs/server_list.h"
#include "ui/pacs/study_tree.h"
#include "ui/state/settings.h"
#include "ui/theme.h"

using namespace cxr;
using namespace cxr::ui;

namespace {

void click(QWidget& window, const char* name) { QTest::mouseClick(window.findChild<QPushButton*>(QLatin1String(name)), Qt::LeftButton); }
void settle(QWidget& window, const char* button) {
    const bool isDone = QTest::qWaitFor([&] { return window.findChild<QPushButton*>(QLatin1String(button))->isEnabled(); }, 30'000);
    if (!isDone) std::puts("nothing came");
}

void drawPacs(ServerList& servers, Settings& settings, const QString& folder) {
    PacsWindow window(servers, settings);
    window.show();
    click(window, "pacsSearch");
    settle(window, "pacsSearch");
    auto* tree = window.findChild<StudyTree*>("pacsStudies");
    if (tree->topLevelItemCount() > 0) tree->topLevelItem(0)->child(0)->setExpanded(true);
    settle(window, "pacsSearch");
    window.grab().save(folder + "/pacs.png");
    click(window, "pacsRetrieve");
    settle(window, "pacsRetrieve");
    window.grab().save(folder + "/pacs-retrieved.png");
}

// Patients, and what is planned: the server should keep a modality worklist.
void drawOthers(ServerList& servers, Settings& settings, const QString& folder) {
    PacsWindow window(servers, settings);
    window.show();
    for (const auto& [what, name] : {std::pair(1, "patients"), std::pair(2, "worklist")}) {
        window.findChild<QComboBox*>("pacsWhat")->setCurrentIndex(what);
        click(window, "pacsSearch");
        settle(window, "pacsSearch");
        window.grab().save(folder + "/pacs-" + name + ".png");
    }
}

void drawSend(ServerList& servers, const QString& film, const QString& folder) {
    const Result<ImagePtr> image = readImage(film.toStdString());
    if (!image.isOk()) return;
    const auto sample = test::sampleFilm();
    ExportContext context{image.value(), image.value()->defaultVoi, false, sample.chest, sample.model, {}, nullptr, {}};
    context.file = film.toStdString();
    SendDialog dialog(servers, context);
    dialog.show();
    click(dialog, "sendGo");
    settle(dialog, "sendGo");
    dialog.grab().save(folder + "/send.png");
}

}  // namespace

int main(int argc, char** argv) {
    QApplication app(argc, argv);
    if (argc != 6) return 2;
    applyTheme(app, Theme::Dark);
    QTemporaryDir kept;
    Settings settings(kept.filePath("settings.ini"));
    settings.setPacsInbox(kept.filePath("inbox"));
    ServerList servers(settings);
    Server server;
    server.name = "Archive", server.host = argv[1], server.port = QString(argv[2]).toInt(), server.calledAe = argv[3];
    servers.put(0, server);
    const QString folder = argv[5];
    drawPacs(servers, settings, folder);
    drawOthers(servers, settings, folder);
    drawSend(servers, argv[4], folder);
    server.tls.isOn = true;
    ServerDialog node(server, false);
    node.show();
    node.grab().save(folder + "/server.png");
    server.protocol = PacsProtocol::DicomWeb, server.webUrl = "https://pacs.example/dicom-web", server.user = "reader";
    ServerDialog web(server, true);
    web.show();
    web.grab().save(folder + "/server-web.png");
    applyTheme(app, Theme::Light);
    server.port = 1;
    server.protocol = PacsProtocol::Dimse;
    servers.put(0, server);
    PacsWindow light(servers, settings);
    light.show();
    click(light, "pacsTest");
    settle(light, "pacsTest");
    QTest::qWait(500);
    light.grab().save(folder + "/pacs-light.png");
    QThreadPool::globalInstance()->waitForDone();
    return 0;
}
