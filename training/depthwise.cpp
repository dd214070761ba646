// Depthwise convolutions, forward and backward, of pictures whose channels lie last. Torch's own take
// most of a training's time on a processor. Channels come in sixteens; `pt` and `pl` are the padding
// above and on the left; `oh` and `ow` the size of what comes out.
#include <cstdlib>

// One register of AVX-512, two of AVX2.
typedef float v16 __attribute__((vector_size(64), aligned(4)));
static inline v16 load(const float *p) { return *(const v16 *)p; }
static inline void store(float *p, v16 a) { *(v16 *)p = a; }

static inline v16 relu6(v16 a) {
  const v16 zero = {0}, six = zero + 6.0f;
  a = a > zero ? a : zero;
  return a < six ? a : six;
}

template <int K>
static inline __attribute__((always_inline)) void add_products(v16 *a, v16 g, const float *xp, int c,
                                                               int from, int to) {
#pragma GCC unroll 5
  for (int j = 0; j < K; j++)
    if (j >= from && j < to) a[j] += g * load(xp + j * c);
}

extern "C" {

void depthwise_relu6(const float *x, const float *w, const float *b, float *y, int n, int h, int wd,
                     int c, int k, int s, int pt, int pl, int oh, int ow) {
#pragma omp parallel for schedule(static)
  for (int row = 0; row < n * oh; row++) {
    const int image = row / oh, o = row % oh, top = o * s - pt;
    const int first = top < 0 ? -top : 0, end = top + k > h ? h - top : k;
    for (int cb = 0; cb < c; cb += 16)
      for (int q = 0; q < ow; q++) {
        const int left = q * s - pl;
        const int from = left < 0 ? -left : 0, to = left + k > wd ? wd - left : k;
        v16 a = load(b + cb);
        for (int i = first; i < end; i++) {
          const float *xp = x + (((long)image * h + top + i) * wd + left) * c + cb;
          const float *wp = w + (long)i * k * c + cb;
          for (int j = from; j < to; j++) a += load(xp + j * c) * load(wp + j * c);
        }
        store(y + (((long)image * oh + o) * ow + q) * c + cb, relu6(a));
      }
  }
}

// `g` is the gradient before the ReLU6.
void depthwise_input_gradient(const float *g, const float *w, float *gx, int n, int h, int wd, int c,
                              int k, int s, int pt, int pl, int oh, int ow) {
#pragma omp parallel for schedule(static)
  for (int row = 0; row < n * h; row++) {
    const int image = row / h, y = row % h;
    for (int cb = 0; cb < c; cb += 16)
      for (int q = 0; q < wd; q++) {
        v16 a = {0};
        // The outputs that saw this input are every s-th tap; `u` is where the tap's output lies.
        const int first = (q + pl) % s, last = q + pl < k ? q + pl : k - 1;
        for (int i = (y + pt) % s; i < k && i <= y + pt; i += s) {
          const int t = (y + pt - i) / s;
          if (t >= oh) continue;
          const float *gp = g + ((long)image * oh + t) * ow * c + cb;
          const float *wp = w + (long)i * k * c + cb;
          int u = (q + pl - first) / s;
          for (int j = first; j <= last; j += s, u--)
            if (u < ow) a += load(gp + u * c) * load(wp + j * c);
        }
        store(gx + (((long)image * h + y) * wd + q) * c + cb, a);
      }
  }
}

// `gw` (k·k·c numbers) and `gb` (c) are zero at the start.
void depthwise_weight_gradient(const float *g, const float *x, float *gw, float *gb, int n, int h,
                               int wd, int c, int k, int s, int pt, int pl, int oh, int ow) {
#pragma omp parallel
  {
    float *mine = (float *)calloc((k * k + 1) * c, sizeof(float));
    float *bias = mine + k * k * c;
#pragma omp for schedule(static)
    for (int image = 0; image < n; image++)
      for (int cb = 0; cb < c; cb += 16)
        for (int i = 0; i < k; i++) {
          v16 a[5];
          for (int j = 0; j < 5; j++) a[j] = (v16){0};
          v16 b = {0};
          for (int o = 0; o < oh; o++) {
            const int y = o * s - pt + i;
            const float *gp = g + ((long)image * oh + o) * ow * c + cb;
            if (i == 0)
              for (int q = 0; q < ow; q++) b += load(gp + q * c);
            if (y < 0 || y >= h) continue;
            const float *xr = x + ((long)image * h + y) * wd * c + cb;
            for (int q = 0; q < ow; q++) {
              const v16 gq = load(gp + q * c);
              const int left = q * s - pl;
              const float *xp = xr + (long)left * c;
              // A kernel's width known beforehand keeps the sums in registers.
              if (left >= 0 && left + k <= wd && k == 5)
                add_products<5>(a, gq, xp, c, 0, 5);
              else if (left >= 0 && left + k <= wd && k == 3)
                add_products<3>(a, gq, xp, c, 0, 3);
              else
                add_products<5>(a, gq, xp, c, left < 0 ? -left : 0, left + k > wd ? wd - left : k);
            }
          }
          for (int j = 0; j < k; j++) {
            float *to = mine + (i * k + j) * c + cb;
            store(to, load(to) + a[j]);
          }
          if (i == 0) store(bias + cb, load(bias + cb) + b);
        }
#pragma omp critical
    {
      for (int i = 0; i < k * k * c; i++) gw[i] += mine[i];
      for (int i = 0; i < c; i++) gb[i] += bias[i];
    }
    free(mine);
  }
}

void relu6_in_place(float *y, long n) {
#pragma omp parallel for schedule(static)
  for (long i = 0; i < n; i++) {
    const float a = y[i] > 0 ? y[i] : 0;
    y[i] = a < 6 ? a : 6;
  }
}

// The gradient before a ReLU6 from the one after it, by what came out of it.
void relu6_gradient(const float *g, const float *y, float *out, long n) {
#pragma omp parallel for schedule(static)
  for (long i = 0; i < n; i++) out[i] = y[i] > 0 && y[i] < 6 ? g[i] : 0;
}
}
