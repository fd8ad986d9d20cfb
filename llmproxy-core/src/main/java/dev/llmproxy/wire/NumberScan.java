package dev.llmproxy.wire;

/** A number, byte by byte: checked, and read as far as it is a whole one. */
final class NumberScan {
    private static final int SIGN = 0;
    private static final int ZERO = 1;
    private static final int WHOLE = 2;
    private static final int POINT = 3;
    private static final int FRACTION = 4;
    private static final int EXPONENT = 5;
    private static final int EXPONENT_SIGN = 6;
    private static final int EXPONENT_DIGITS = 7;
    private static final int NOWHERE = -1;

    private static final int BEFORE = -2;
    private static final int SURELY_FIT = 18;
    private static final long TENTH = Long.MIN_VALUE / 10;
    /** Any digit may follow what is above. */
    private static final long SURE = TENTH + 1;

    private final int longest;
    private int state;
    private int length;
    private boolean negative;
    // Counted downwards, because the least long has no positive counterpart.
    private long below;
    private boolean fits;

    NumberScan(int longest) {
        this.longest = longest;
    }

    /** Takes a number of a few digits that is seen to end, as most are; or takes nothing and returns {@code from}. */
    int scanShort(byte[] data, int from, int to) {
        int stop = Math.min(to, from + SURELY_FIT);
        long sum = 0;
        int i = from;
        while (i < stop && isDigit(data[i])) {
            sum = sum * 10 - (data[i] - '0');
            i++;
        }
        boolean leadingZero = data[from] == '0' && i > from + 1;
        if (i == from || i == stop || leadingZero || !mayFollow(data[i])) {
            return from;
        }
        state = WHOLE;
        below = sum;
        negative = false;
        fits = true;
        return i;
    }

    private static boolean mayFollow(byte b) {
        return b == ',' || b == '}' || b == ']' || b == '\n' || b == ' ' || b == '\r' || b == '\t';
    }

    void begin() {
        state = BEFORE;
        length = 0;
        negative = false;
        below = 0;
        fits = true;
    }

    /** Takes what belongs to the number, and returns where that ends: at another byte, at one too many, or at the end. */
    int scan(byte[] data, int from, int to) {
        int stop = Math.min(to, from + longest - length);
        int i = from;
        for (; i < stop; i++) {
            if (state == WHOLE) {
                i = digits(data, i, stop);
                if (i == stop) {
                    break;
                }
            }
            int next = next(data[i]);
            if (next == NOWHERE) {
                break;
            }
            state = next;
        }
        length += i - from;
        return i;
    }

    /** Takes digits as long as the number fits whichever they are. */
    private int digits(byte[] data, int from, int stop) {
        long sum = below;
        int i = from;
        while (i < stop && sum > SURE && isDigit(data[i])) {
            sum = sum * 10 - (data[i] - '0');
            i++;
        }
        below = sum;
        return i;
    }

    /** Returns whether the byte could stand in a number, though not in this one. */
    static boolean isOfNumber(byte b) {
        return isDigit(b) || b == '.' || b == 'e' || b == 'E' || b == '+' || b == '-';
    }

    /** Returns whether the number has as many characters as it may and goes on. */
    boolean tooLong(byte b) {
        return length == longest && next(b) != NOWHERE;
    }

    /** Returns whether this is a number if nothing follows. */
    boolean isWhole() {
        return state == ZERO || state == WHOLE || state == FRACTION || state == EXPONENT_DIGITS;
    }

    boolean integral() {
        return (state == ZERO || state == WHOLE) && fits;
    }

    /** Returns the part before the point, or 0 if there is an exponent or it does not fit. */
    long value() {
        if (state == EXPONENT_DIGITS || !fits) {
            return 0;
        }
        return negative ? below : -below;
    }

    private int next(byte b) {
        if (isDigit(b)) {
            return afterDigit(b);
        }
        return switch (b) {
            case '-' -> afterMinus();
            case '+' -> state == EXPONENT ? EXPONENT_SIGN : NOWHERE;
            case '.' -> state == ZERO || state == WHOLE ? POINT : NOWHERE;
            case 'e', 'E' -> state == ZERO || state == WHOLE || state == FRACTION ? EXPONENT : NOWHERE;
            default -> NOWHERE;
        };
    }

    private int afterMinus() {
        if (state == BEFORE) {
            negative = true;
            return SIGN;
        }
        return state == EXPONENT ? EXPONENT_SIGN : NOWHERE;
    }

    private int afterDigit(byte b) {
        return switch (state) {
            case BEFORE, SIGN -> first(b - '0');
            case WHOLE -> more(b - '0');
            case POINT, FRACTION -> FRACTION;
            case EXPONENT, EXPONENT_SIGN, EXPONENT_DIGITS -> EXPONENT_DIGITS;
            default -> NOWHERE;
        };
    }

    private int first(int digit) {
        below = -digit;
        return digit == 0 ? ZERO : WHOLE;
    }

    private int more(int digit) {
        fits = fits && below >= TENTH && below * 10 >= least() + digit;
        below = below * 10 - digit;
        return WHOLE;
    }

    private long least() {
        return negative ? Long.MIN_VALUE : -Long.MAX_VALUE;
    }

    private static boolean isDigit(byte b) {
        return b >= '0' && b <= '9';
    }
}
