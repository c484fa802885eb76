/* MKL asks these two functions whether the processor is Intel's and, when it is not, takes its AVX2 kernels
 * even where the processor has AVX-512: half the speed. Preloaded, these answer yes. MKL still asks CPUID
 * which instructions there are, so nothing runs that the processor lacks. */
int mkl_serv_intel_cpu(void);
int mkl_serv_intel_cpu_true(void);

int mkl_serv_intel_cpu(void) {
    return 1;
}

int mkl_serv_intel_cpu_true(void) {
    return 1;
}
