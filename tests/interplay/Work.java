// SPDX-License-Identifier: GPL-2.0

/** Has the machine compile, collect, start threads and catch its own faults. */
class Work {
    static long sum(int n) {
        long total = 0;
        for (int i = 0; i < n; i++)
            total += i % 7;
        return total;
    }

    public static void main(String[] arguments) throws Exception {
        long[] total = new long[4];
        Thread[] threads = new Thread[total.length];
        for (int i = 0; i < threads.length; i++) {
            int me = i;
            threads[i] = new Thread(() -> {
                for (int round = 0; round < 200; round++)
                    total[me] += sum(10000);
            });
            threads[i].start();
        }
        for (Thread thread : threads)
            thread.join();
        byte[][] garbage = new byte[64][];
        for (int i = 0; i < 256; i++)
            garbage[i % garbage.length] = new byte[1 << 16];
        System.gc();
        String nothing = arguments.length > 0 ? "" : null;
        try {
            nothing.length();
        } catch (NullPointerException e) {
            System.out.println("caught");
        }
        long all = 0;
        for (long one : total)
            all += one;
        System.out.println("worked: " + all);
    }
}
