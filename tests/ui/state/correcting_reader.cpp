// A reader who corrects a film every few milliseconds, until he is killed: for tst_survives_kill.
//   correcting_reader SETTINGS_FILE    prints each correction's number when it was made; the report's text is that number
#include <QCoreApplication>
#include <QTimer>
#include <cstdio>

#include "tests/ui/support/corrected_film.h"
#include "ui/state/correction_keeper.h"
#include "ui/state/settings.h"

int main(int count, char** words) {
    using namespace cxr;
    QCoreApplication application(count, words);
    ui::Settings settings(application.arguments().value(1));
    const Analysis film = ui::test::filmWithHash("film");
    ui::FilmSession session;
    ui::CorrectionKeeper keeper(session);
    keeper.setFile(settings.correctionsFile().toStdString());
    session.open("film", film.image);
    session.setAnalysis(film);
    keeper.restore();

    int number = 0;
    QTimer timer;
    QObject::connect(&timer, &QTimer::timeout, [&] {
        ++number;
        session.commitEdit(ui::test::numbered(*session.measurement(), number));
        session.setReaderText({ReportLanguage::German, "", "", std::to_string(number), ""});
        settings.setExportFolder(QString::number(number));
        std::printf("%d\n", number);
        std::fflush(stdout);
    });
    timer.start(5);
    return QCoreApplication::exec();
}
