// MainWindow: archives. What was retrieved opens like a folder that the user chose.
#include <QStatusBar>

#include "ui/dialogs/export_dialog.h"
#include "ui/main_window.h"
#include "ui/pacs/pacs_window.h"
#include "ui/pacs/send_dialog.h"
#include "ui/pacs/server_list.h"
#include "ui/panels/explanation_panel.h"
#include "ui/panels/heartspot_panel.h"

namespace cxr::ui {

namespace {

constexpr int kMessageMs = 5000;

}  // namespace

// REQUIRES: the film on screen is measured
ExportContext MainWindow::exportContext() {
    const FilmSession& session = m_workbench.session();
    const FindingPreferences preferences = m_workbench.settings().findingPreferences();
    ReaderText text = session.readerText();
    if (text.isEmpty()) text.language = m_workbench.settings().reportLanguage();
    return {session.calibratedImage(),
            m_view->voi(),
            m_view->isInverted(),
            *session.measurement(),
            session.model(),
            m_heartSpot->facts(),
            withPoint(session.judgement(), preferences.operatingPoint),
            preferences.prevalences,
            exportedMap(),
            m_explanationPanel->isShown(),
            m_addedPictures,
            session.path().toStdString(),
            {m_view->presentation(), m_view->segments()},
            text};
}

ServerList& MainWindow::servers() {
    if (!m_servers) m_servers = new ServerList(m_workbench.settings(), this);
    return *m_servers;
}

void MainWindow::showPacs() {
    if (!m_pacs) {
        m_pacs = new PacsWindow(servers(), m_workbench.settings(), this);
        connect(m_pacs, &PacsWindow::retrieved, this, &MainWindow::openPaths);
        connect(m_pacs, &PacsWindow::helpWanted, this, &MainWindow::showHelp);
    }
    m_pacs->show();
    m_pacs->raise();
    m_pacs->activateWindow();
}

void MainWindow::sendResults() {
    if (!m_workbench.session().measurement()) return;
    auto* dialog = new SendDialog(servers(), exportContext(), this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &SendDialog::sent, this, [this](int stored, int offered) {
        statusBar()->showMessage(tr("The server stored %1 of %2 objects.").arg(stored).arg(offered), kMessageMs);
    });
    dialog->open();
}

}  // namespace cxr::ui
