#include "core/prior/numpy_random.h"

#include <cmath>

namespace cxr {

NumpyRandom::NumpyRandom(std::uint32_t seed) {
    for (int i = 0; i < kStateSize; ++i) {
        m_state[i] = seed;
        seed = 1812433253U * (seed ^ (seed >> 30)) + static_cast<std::uint32_t>(i) + 1U;
    }
}

void NumpyRandom::refill() {
    constexpr int kShift = 397;
    constexpr std::uint32_t kMatrix = 0x9908b0dfU;
    for (int i = 0; i < kStateSize; ++i) {
        const std::uint32_t mixed = (m_state[i] & 0x80000000U) | (m_state[(i + 1) % kStateSize] & 0x7fffffffU);
        m_state[i] = m_state[(i + kShift) % kStateSize] ^ (mixed >> 1) ^ ((mixed & 1U) != 0 ? kMatrix : 0U);
    }
    m_position = 0;
}

std::uint32_t NumpyRandom::nextUInt32() {
    if (m_position == kStateSize) refill();
    std::uint32_t bits = m_state[m_position++];
    bits ^= bits >> 11;
    bits ^= (bits << 7) & 0x9d2c5680U;
    bits ^= (bits << 15) & 0xefc60000U;
    return bits ^ (bits >> 18);
}

double NumpyRandom::nextDouble() {
    const double high = nextUInt32() >> 5;
    const double low = nextUInt32() >> 6;
    return (high * 67108864.0 + low) / 9007199254740992.0;
}

double NumpyRandom::nextGaussian() {
    if (m_cachedGaussian) {
        const double value = *m_cachedGaussian;
        m_cachedGaussian.reset();
        return value;
    }
    double x1 = 0;
    double x2 = 0;
    double r2 = 0;
    do {
        x1 = 2.0 * nextDouble() - 1.0;
        x2 = 2.0 * nextDouble() - 1.0;
        r2 = x1 * x1 + x2 * x2;
    } while (r2 >= 1.0 || r2 == 0.0);
    const double factor = std::sqrt(-2.0 * std::log(r2) / r2);
    m_cachedGaussian = factor * x1;
    return factor * x2;
}

}  // namespace cxr
