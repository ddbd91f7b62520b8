// Runs precordia-cli as a user would, for the tests.
#pragma once

#include <QFile>
#include <QProcess>
#include <QString>
#include <QStringList>
#include <opencv2/imgcodecs.hpp>

#include "build_paths.h"
#include "core/image/phantom.h"
#include "core/image/pixel_chain.h"

namespace cxr::test {

struct ProgramRun {
    int exitCode = -1;
    QString out, errors;
};

inline ProgramRun runProgram(const QStringList& arguments, int timeoutMs = 240'000) {
    QProcess process;
    process.start(CXR_BIN_DIR "/precordia-cli", arguments);
    if (!process.waitForFinished(timeoutMs)) {
        process.kill();
        process.waitForFinished();
        return {};
    }
    const int code = process.exitStatus() == QProcess::NormalExit ? process.exitCode() : -2;
    return {code, QString::fromUtf8(process.readAllStandardOutput()), QString::fromUtf8(process.readAllStandardError())};
}

// One line on stderr that begins with the program's name and ends with a full stop.
inline bool isOneSentence(const QString& errors) {
    return errors.startsWith("precordia-cli: ") && errors.endsWith(".\n") && errors.count('\n') == 1;
}

// The same, where a picture library may have put its own line before ours.
inline bool endsWithOneSentence(const QString& errors) {
    const QStringList lines = errors.split('\n', Qt::SkipEmptyParts);
    return !lines.isEmpty() && isOneSentence(lines.back() + "\n");
}

// A phantom film as 8-bit PNG.
inline bool writePhantomPng(const QString& file, double ratio = 0.46, int side = 512) {
    PhantomSpec spec;
    spec.width = spec.height = side;
    spec.cardiothoracicRatio = ratio;
    const Phantom phantom = makePhantom(spec);
    return cv::imwrite(file.toStdString(), renderGray8(phantom.image, fullRangeVoi(phantom.image)));
}

inline QByteArray contentOf(const QString& file) {
    QFile opened(file);
    return opened.open(QIODevice::ReadOnly) ? opened.readAll() : QByteArray();
}

}  // namespace cxr::test
