#include "core/prior/sliding_histogram.h"

namespace cxr {
namespace {

constexpr int kBlockBits = 8;  // codes of one coarse count

class SlidingWindow {
  public:
    explicit SlidingWindow(std::size_t codeCount)
        : m_fine(codeCount, 0), m_coarse((codeCount >> kBlockBits) + 1, 0) {}

    void add(int code) { change(code, 1); }
    void remove(int code) { change(code, -1); }

    // The code of rank `rank` (0 = smallest) in the window; upper: the next element's code too.
    int find(int rank) {
        while (m_below > rank) stepDown();
        while (m_below + m_fine[m_code] <= rank) stepUp();
        return m_code;
    }
    // REQUIRES: find(rank) was just called, and rank + 1 is in the window.
    [[nodiscard]] int next(int rank) const {
        if (m_below + m_fine[m_code] > rank + 1) return m_code;
        int code = m_code + 1;
        while (m_fine[code] == 0) code += (code & kMask) == 0 && m_coarse[code >> kBlockBits] == 0 ? kMask + 1 : 1;
        return code;
    }

  private:
    static constexpr int kMask = (1 << kBlockBits) - 1;

    void change(int code, int by) {
        m_fine[code] += by;
        m_coarse[code >> kBlockBits] += by;
        if (code < m_code) m_below += by;
    }
    void stepUp() {
        if ((m_code & kMask) == 0 && m_coarse[m_code >> kBlockBits] == 0) {
            m_code += kMask + 1;
        } else {
            m_below += m_fine[m_code++];
        }
    }
    void stepDown() {
        if ((m_code & kMask) == 0 && m_coarse[(m_code >> kBlockBits) - 1] == 0) {
            m_code -= kMask + 1;
        } else {
            m_below -= m_fine[--m_code];
        }
    }

    std::vector<int> m_fine, m_coarse;
    int m_code = 0;   // where the last rank was found
    int m_below = 0;  // elements with a smaller code
};

template <typename Change>
void forColumns(const cv::Mat& codes, const PoolGeometry& geometry, int y, int begin, int end, const Change& change) {
    for (int r = y * geometry.stride; r < y * geometry.stride + geometry.kernel; ++r) {
        const int* row = codes.ptr<int>(geometry.row(r));
        for (int c = begin; c < end; ++c) change(row[geometry.column(c)]);
    }
}

}  // namespace

Result<cv::Mat> poolByHistogram(const cv::Mat& codes, const std::vector<float>& values, const PoolGeometry& geometry,
                                const QuantileRanks& ranks, const RunContext& context) {
    cv::Mat pooled(geometry.output, CV_32FC1);
    SlidingWindow window(values.size());
    const auto add = [&](int code) { window.add(code); };
    const auto remove = [&](int code) { window.remove(code); };
    for (int y = 0; y < pooled.rows; ++y) {
        if (context.isCancelled()) return Error{ErrorCode::Cancelled, "pooling was stopped"};
        forColumns(codes, geometry, y, 0, geometry.kernel, add);
        float* out = pooled.ptr<float>(y);
        for (int x = 0; x < pooled.cols; ++x) {
            const int begin = x * geometry.stride;
            const double low = values[window.find(ranks.lower)];
            const double high = ranks.upper > ranks.lower ? values[window.next(ranks.lower)] : low;
            out[x] = interpolated(low, high, ranks.fraction);
            const bool last = x + 1 == pooled.cols;
            forColumns(codes, geometry, y, begin, begin + (last ? geometry.kernel : geometry.stride), remove);
            if (!last) {
                forColumns(codes, geometry, y, begin + geometry.kernel, begin + geometry.kernel + geometry.stride, add);
            }
        }
        context.report((y + 1.0) / pooled.rows);
    }
    return pooled;
}

}  // namespace cxr
