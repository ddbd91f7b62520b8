// ReliefFrames: see relief_frames.h.
#include "ui/relief/relief_frames.h"

#include <QElapsedTimer>
#include <utility>

#include "ui/relief/relief_renderer.h"

namespace cxr::ui {

// Jobs run one after the other, so that it needs no lock.
struct ReliefFrames::Shared {
    std::unique_ptr<ReliefRenderer> renderer;

    Result<ReliefRenderer*> ready() {
        if (renderer) return renderer.get();
        auto made = ReliefRenderer::create();
        if (!made) return made.error();
        renderer = std::move(made).value();
        return renderer.get();
    }
};

namespace {

struct Drawn {
    std::vector<QImage> frames;
    double seconds = 0;
};

Result<Drawn> draw(ReliefRenderer& renderer, const ReliefFrames::Wish& wish) {
    QElapsedTimer clock;
    clock.start();
    Drawn drawn;
    for (std::size_t i = 0; i < wish.landscapes.size(); ++i) {
        const LandscapePtr& landscape = wish.landscapes[i];
        const bool isWanted = landscape && landscape->sentence.isEmpty() && !wish.sizes[i].isEmpty();
        drawn.frames.push_back(isWanted ? renderer.render(i, landscape, wish.sizes[i], wish.camera, wish.isMoving) : QImage());
        if (isWanted && drawn.frames.back().isNull()) return Error{ErrorCode::Unsupported, "The landscapes could not be drawn: close this window and open it again."};
    }
    drawn.seconds = static_cast<double>(clock.nsecsElapsed()) * 1e-9;
    return drawn;
}

}  // namespace

ReliefFrames::ReliefFrames(QObject* parent) : QObject(parent), m_shared(std::make_shared<Shared>()) { m_pool.setMaxThreadCount(1); }

ReliefFrames::~ReliefFrames() {
    m_job.cancel();
    m_pool.waitForDone();
}

void ReliefFrames::want(Wish wish) {
    m_next = std::move(wish);
    if (!m_isBusy) startNext();
}

void ReliefFrames::startNext() {
    if (!m_next || !m_problem.isEmpty()) return;
    const auto wish = std::make_shared<const Wish>(*std::exchange(m_next, std::nullopt));
    m_isBusy = true;
    m_job = startJob<Drawn>(
        m_pool, this,
        [shared = m_shared, wish](const RunContext&) -> Result<Drawn> {
            auto renderer = shared->ready();
            if (!renderer) return renderer.error();
            return draw(*renderer.value(), *wish);
        },
        nullptr,
        [this, wish](Result<Drawn> result) {
            m_isBusy = false;
            if (result) {
                Q_EMIT drawn(result.value().frames, *wish, result.value().seconds);
            } else {
                m_problem = QString::fromStdString(result.error().message);
                Q_EMIT failed(m_problem);
            }
            if (!m_isBusy) startNext();
        });
}

JobHandle ReliefFrames::makePicture(QObject* receiver, const ReliefSheet& sheet, std::function<void(Result<QImage>)> onDone) {
    return startJob<QImage>(
        m_pool, receiver,
        [shared = m_shared, sheet](const RunContext& context) -> Result<QImage> {
            auto renderer = shared->ready();
            if (!renderer) return renderer.error();
            return reliefPicture(*renderer.value(), sheet, context);
        },
        nullptr, std::move(onDone));
}

}  // namespace cxr::ui
