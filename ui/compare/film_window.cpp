// FilmWindow: see film_window.h.
#include "ui/compare/film_window.h"

#include <QKeyEvent>

#include "ui/panels/explanation_panel.h"

namespace cxr::ui {

FilmWindow::FilmWindow(Workbench& workbench, ExplanationPanel& panel, QWidget* parent)
    : QWidget(parent, Qt::Window), m_workbench(workbench), m_panel(panel) {
    connect(&m_workbench.session(), &FilmSession::filmChanged, this, [this] {
        m_voi.reset();
        change();
    });
    connect(&m_workbench.session(), &FilmSession::measurementChanged, this, &FilmWindow::change);
    connect(&m_workbench.explanations(), &Explanations::targetsChanged, this, &FilmWindow::change);
    connect(&m_panel, &ExplanationPanel::shownMapChanged, this, [this] {
        if (isVisible()) setLook(m_panel.look());
    });
}

void FilmWindow::showFilm(const VoiSetting& voi) {
    m_voi = voi;
    change();
}

VoiSetting FilmWindow::voi() const {
    const ImagePtr image = m_workbench.session().image();
    return m_voi.value_or(image ? image->defaultVoi : VoiSetting{});
}

void FilmWindow::change() {
    m_isStale = true;
    if (isVisible()) reload();
}

void FilmWindow::reload() {
    m_isStale = false;
    load();
}

void FilmWindow::showEvent(QShowEvent* event) {
    QWidget::showEvent(event);
    if (m_isStale) reload();
}

void FilmWindow::keyPressEvent(QKeyEvent* event) {
    if (event->key() != Qt::Key_Escape) return QWidget::keyPressEvent(event);
    close();
}

}  // namespace cxr::ui
