package dev.tally.bench.workload;

/** Keys as people have them: text of some length. */
public final class Names {

    private Names() {}

    public static String item(int item) {
        return "item#" + digits(item, 8);
    }

    public static String group(int group) {
        return "list#" + digits(group, 6);
    }

    public static String customer(int customer) {
        return "customer#" + digits(customer, 5);
    }

    private static String digits(int number, int length) {
        char[] digits = new char[length];
        int rest = number;
        for (int i = length - 1; i >= 0; i--) {
            digits[i] = (char) ('0' + rest % 10);
            rest /= 10;
        }
        return new String(digits);
    }
}
