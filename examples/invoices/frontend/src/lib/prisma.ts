import { PrismaPg } from "@prisma/adapter-pg";
import { PrismaClient } from "../generated/prisma/client";

// Next.js reloads modules in development; one client a process is enough.
const shared = globalThis as unknown as { prisma?: PrismaClient };

export const prisma =
  shared.prisma ??
  new PrismaClient({ adapter: new PrismaPg({ connectionString: process.env.DATABASE_URL }) });

if (process.env.NODE_ENV !== "production") {
  shared.prisma = prisma;
}
