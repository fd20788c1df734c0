package dev.tally.bench.workload;

import java.util.Arrays;
import java.util.SplittableRandom;

/** Draws 0 … n-1, number k with a weight of 1 / (k+1)^s. */
final class Zipf {

    private final double[] upTo;

    Zipf(int n, double s) {
        upTo = new double[n];
        double sum = 0;
        for (int k = 0; k < n; k++) {
            sum += 1 / Math.pow(k + 1, s);
            upTo[k] = sum;
        }
        for (int k = 0; k < n; k++) {
            upTo[k] /= sum;
        }
        upTo[n - 1] = 1;
    }

    int next(SplittableRandom random) {
        int at = Arrays.binarySearch(upTo, random.nextDouble());
        return at < 0 ? -at - 1 : at;
    }
}
